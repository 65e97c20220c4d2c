import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import type {Problem} from '../../src/base/problem.ts';
import {problemsError} from '../../src/base/problem.ts';
import {VirtError} from '../../src/base/virt-error.ts';
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
    expect(cli.stderr.text).toBe(`${file}:3:5: warning: element <tpm> is not understood\n`);
  });
});

test('defines from the standard input', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  cli.stdin.end(XML);
  expect(await cli.run('define', '-', '--json')).toBe(0);
  expect(JSON.parse(cli.stdout.text)).toMatchObject({name: 'web', created: true, warnings: [{line: 3}]});
});

const PROBLEMS: readonly Problem[] = [
  {severity: 'error', line: 2, column: 3, message: "memory 'x' is no number"},
  {severity: 'warning', line: 1, column: 9, message: '<x> is not understood\x1b[2J'},
  {severity: 'error', line: 0, column: 0, message: 'there is no <name>'},
];

function refusing(): FakeHypervisor {
  const hypervisor = new FakeHypervisor();
  hypervisor.scriptDefine('<domain/>', problemsError('cannot define a domain', PROBLEMS));
  return hypervisor;
}

test('tells every problem of the XML with its place, in order, and a summary', async () => {
  const cli = new CliHarness({hypervisor: refusing()});
  cli.stdin.end('<domain/>');
  expect(await cli.run('define', '-')).toBe(1);
  expect(cli.stdout.text).toBe('');
  expect(cli.stderr.text.split('\n')).toEqual([
    '<stdin>: error: there is no <name>',
    '<stdin>:1:9: warning: <x> is not understood',
    "<stdin>:2:3: error: memory 'x' is no number",
    'error: cannot define the domain from <stdin>: 2 errors, 1 warning',
    '',
  ]);
});

test('gives the problems as JSON, too', async () => {
  const cli = new CliHarness({hypervisor: refusing()});
  cli.stdin.end('<domain/>');
  expect(await cli.run('define', '-', '--json')).toBe(1);
  expect(JSON.parse(cli.stdout.text)).toEqual({problems: PROBLEMS});
});

test('another error is told as it is', async () => {
  const hypervisor = new FakeHypervisor();
  hypervisor.scriptDefine('<domain/>', new VirtError('SYSTEM_ERROR', 'QEMU', 'no space left'));
  const cli = new CliHarness({hypervisor});
  cli.stdin.end('<domain/>');
  expect(await cli.run('define', '-', '--json')).toBe(1);
  expect([cli.stdout.text, cli.stderr.text]).toEqual(['', 'error: no space left\n']);
});

test('--validate is for the hypervisor', async () => {
  for (const options of [[], ['--validate']]) {
    const hypervisor = makeFake();
    const cli = new CliHarness({hypervisor});
    cli.stdin.end(XML);
    expect(await cli.run('define', '-', ...options)).toBe(0);
    const call = hypervisor.calls.find(({method}) => method === 'domainDefineXml');
    expect(call?.args[1]).toEqual({validate: options.length > 0});
  }
});

test('opens nothing for a file that cannot be read', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run('define', 'missing.xml')).toBe(1);
  expect(cli.opened).toEqual([]);
  expect(cli.stderr.text).toMatch(
    /^error: cannot read '\/somewhere\/missing\.xml': there is no such file or directory\n$/,
  );
});
