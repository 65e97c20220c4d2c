import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import type {Problem} from '../../src/base/problem.ts';
import {problemsError} from '../../src/base/problem.ts';
import type {DefineResult} from '../../src/model/hypervisor.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {sampleDomain, uuidFor} from '../support/samples.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const XML = "<domain type='qemu'><name>web</name></domain>";
const UNKNOWN: Problem = {severity: 'warning', line: 3, column: 5, message: 'element <tpm> is not understood\x1b[m'};
const RESULT: DefineResult = {name: 'web', uuid: uuidFor('web'), created: true, warnings: [UNKNOWN]};

function makeFake(): FakeHypervisor {
  const hypervisor = new FakeHypervisor();
  hypervisor.scriptDefine(XML, RESULT, sampleDomain({name: 'web'}));
  return hypervisor;
}

test('defines from a file and tells what is not understood', async () => {
  await withTempRoot(async root => {
    const file = root.join('web.xml');
    await writeFile(file, XML);
    const cli = new CliHarness({hypervisor: makeFake()});
    expect(await cli.run('define', file)).toBe(0);
    expect(cli.stdout.text).toBe(`Domain 'web' defined from ${file}\n\n`);
    expect(cli.stderr.text).toBe('warning: line 3, column 5: element <tpm> is not understood\n');
  });
});

test('defines from the standard input', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  cli.stdin.end(XML);
  expect(await cli.run('define', '-', '--json')).toBe(0);
  expect(JSON.parse(cli.stdout.text)).toMatchObject({name: 'web', created: true, warnings: [{line: 3}]});
});

test('reports every problem of the XML', async () => {
  const hypervisor = new FakeHypervisor();
  const problems: Problem[] = [
    {severity: 'error', line: 1, column: 1, message: 'there is no <name>'},
    {severity: 'error', line: 2, column: 3, message: "memory 'x' is no number"},
  ];
  hypervisor.scriptDefine('<domain/>', problemsError('cannot define a domain', problems));
  const cli = new CliHarness({hypervisor});
  cli.stdin.end('<domain/>');
  expect(await cli.run('define', '-')).toBe(1);
  expect(cli.stderr.text).toBe(
    [
      'error: cannot define a domain: 2 problems',
      '  line 1, column 1: there is no <name>',
      "  line 2, column 3: memory 'x' is no number",
      '',
    ].join('\n'),
  );
});

test('opens nothing for a file that cannot be read', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run('define', 'missing.xml')).toBe(1);
  expect(cli.opened).toEqual([]);
  expect(cli.stderr.text).toMatch(/^error: cannot read '\/somewhere\/missing\.xml': ENOENT/);
});
