import {readFile, stat, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {expect, test, vi} from 'vitest';
import {problemsError} from '../../src/base/problem.ts';
import {chooseEditor, editText} from '../../src/cli/edit-text.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {sampleDomain, uuidFor} from '../support/samples.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const SAVED = "<domain type='qemu'><name>web</name><vcpu>1</vcpu></domain>\n";
const EDITED = SAVED.replace('1', '2');
const RESULT = {name: 'web', uuid: uuidFor('web'), created: false, warnings: []};

/** Runs `edit web` with a shell script as the editor, which finds the file in `$1`. */
async function edit(
  hypervisor: FakeHypervisor,
  script: string,
  look: (cli: CliHarness, status: number) => void | Promise<void>,
): Promise<void> {
  hypervisor.scriptXml('web', SAVED);
  await withTempRoot(async root => {
    vi.stubEnv('TMPDIR', root.path);
    const editor = root.join('my editor.sh');
    await writeFile(editor, `#!/bin/sh\n${script}\n`, {mode: 0o755});
    const cli = new CliHarness({hypervisor, env: {VISUAL: `'${editor}' --wait`, EDITOR: 'false'}});
    await look(cli, await cli.run('edit', 'web'));
  });
}

function makeFake(): FakeHypervisor {
  return new FakeHypervisor({domains: [sampleDomain({name: 'web'})]});
}

test('defines what was edited', async () => {
  const hypervisor = makeFake();
  hypervisor.scriptDefine(EDITED, RESULT);
  await edit(hypervisor, `[ "$1" = --wait ] && sed -i s/1/2/ "$2"`, ({stdout, stderr}, status) => {
    expect(stderr.text).toBe('');
    expect(stdout.text).toBe("Domain 'web' XML configuration edited.\n\n");
    expect(status).toBe(0);
  });
});

test('says that nothing was changed', async () => {
  await edit(makeFake(), 'true', ({stdout}, status) => {
    expect(stdout.text).toBe("Domain 'web' XML configuration not changed.\n\n");
    expect(status).toBe(0);
  });
});

test('keeps a text that is refused, where nobody is there to edit it again', async () => {
  const hypervisor = makeFake();
  const problem = {severity: 'error', line: 1, column: 9, message: 'two is too many'} as const;
  hypervisor.scriptDefine(EDITED, problemsError('cannot define the domain', [problem]));
  await edit(hypervisor, `sed -i s/1/2/ "$2"`, async ({stderr}, status) => {
    expect(status).toBe(1);
    expect(stderr.text).toContain('web.xml:1:9: error: two is too many\n');
    const kept = /virtty define (\S+)/.exec(stderr.text)?.[1] ?? '';
    expect(await readFile(kept, 'utf8')).toBe(EDITED);
    expect((await stat(dirname(kept))).mode & 0o777).toBe(0o700);
  });
});

test('an editor that fails changes nothing', async () => {
  await edit(makeFake(), `sed -i s/1/2/ "$2"; exit 3`, ({stderr}, status) => {
    expect(status).toBe(1);
    expect(stderr.text).toMatch(/nothing was edited: the editor .* ended with status 3/);
  });
});

test('a name that no file can have is no problem', async () => {
  expect(await editText({text: 'a', file: {name: '../a b/c', suffix: '.xml'}, env: {EDITOR: 'sed -i s/a/b/'}})).toBe(
    'b',
  );
});

test('looks for VISUAL, EDITOR, vi, nano, in this order', () => {
  expect(chooseEditor({VISUAL: 'code -w', EDITOR: 'ed'}, () => true)).toBe('code -w');
  expect(chooseEditor({VISUAL: ' ', EDITOR: 'ed'}, () => true)).toBe('ed');
  expect(chooseEditor({}, () => true)).toBe('vi');
  expect(chooseEditor({}, program => program === 'nano')).toBe('nano');
  expect(() => chooseEditor({}, () => false)).toThrow('there is neither vi nor nano');
});
