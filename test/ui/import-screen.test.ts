import {afterEach, expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import type {NativeImport} from '../../src/model/hypervisor.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {sampleDomain, uuidFor} from '../support/samples.ts';
import {OpenScreen} from './screen-harness.ts';

let screen: OpenScreen | undefined;
afterEach(async () => {
  if (!screen) return;
  for (let times = 0; times < 4; times++) screen.type('\x03');
  await screen.ended;
  screen = undefined;
});

const LINE = '/usr/bin/qemu-system-x86_64 -m 64 -x-new on';

function xmlOf(name: string): string {
  return [
    "<domain type='qemu'>",
    `  <name>${name}</name>`,
    "  <memory unit='KiB'>65536</memory>",
    "  <os><type arch='x86_64'>hvm</type></os>",
    '</domain>',
    '',
  ].join('\n');
}

function imported(name: string, more: Partial<NativeImport> = {}): NativeImport {
  const problems = [{severity: 'warning', line: 1, column: 36, message: "'-x-new on' is kept as <qemu:arg>"}] as const;
  return {commandLine: LINE, xml: xmlOf(name), isNamed: true, problems, notes: [], ...more};
}

function hypervisor(): FakeHypervisor {
  const fake = new FakeHypervisor({domains: [sampleDomain({name: 'mail'})]});
  fake.scriptLog('mail', []);
  return fake;
}

/** What defining this name gives, with the event that follows. */
function scriptDefine(fake: FakeHypervisor, name: string): void {
  fake.scriptDefine(
    xmlOf(name),
    {name, uuid: uuidFor(name), created: true, warnings: []},
    sampleDomain({name, uuid: uuidFor(name)}),
  );
  fake.scriptLog(name, []);
}

async function open(fake: FakeHypervisor, options: ConstructorParameters<typeof OpenScreen>[1] = {}) {
  screen = new OpenScreen(fake, options);
  await screen.see('1 of 1');
  return screen;
}

function paste(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}

test('a file is found by its name, shown with its warnings, and defined after a yes', async () => {
  const fake = hypervisor();
  fake.scriptImport({text: LINE}, imported('web'));
  scriptDefine(fake, 'web');
  const it = await open(fake, {
    readTextFile: async path => (path === '/srv/web.args' ? LINE : Promise.reject(new Error(`no file ${path}`))),
    listFiles: async path => (path === '/srv/w' ? ['web.args'] : []),
  });
  it.type('i');
  await it.see('import:');
  it.type('/srv/w\t');
  await it.see('/srv/web.args');
  it.type('\r');
  await it.see("Import: define it as 'web'?");
  await it.see("warning: line 1, column 36: '-x-new on' is kept as <qemu:arg>");
  await it.see('<name>web</name>');
  expect(fake.methods).not.toContain('domainDefineXml');
  it.type('y');
  await it.see("Domain 'web' defined from /srv/web.args");
  await it.see('2 of 2');
});

test('what is pasted is the command line, all its lines', async () => {
  const fake = hypervisor();
  fake.scriptImport({text: 'qemu \\\n-m 64'}, imported('web'));
  const it = await open(fake);
  it.type('i');
  await it.see('import:');
  it.type(paste('qemu \\\r\n-m 64'));
  await it.see('2 lines, 12 characters');
  it.type('\r');
  await it.see("Import: define it as 'web'?");
});

test('typed on a terminal without marks around pasted text, a line with a backslash goes on', async () => {
  const fake = hypervisor();
  fake.scriptImport({text: 'qemu \\\n-m 64'}, imported('web'));
  const it = await open(fake);
  it.type('iqemu \\\r-m 64\r');
  await it.see("Import: define it as 'web'?");
});

test('a number is a process; one that is no emulator is told at the prompt', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, new VirtError('OPERATION_INVALID', 'QEMU', 'process 12 is no QEMU emulator'));
  const it = await open(fake);
  it.type('i12\r');
  await it.see('process 12 is no QEMU emulator');
  await it.see('import: 12');
  it.type('\x7f');
  await it.see('A file (Tab completes)');
});

test('a name that is taken is asked for, and the first free one suggested', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, imported('mail'));
  scriptDefine(fake, 'mail-2');
  const it = await open(fake);
  it.type('i12\r');
  await it.see("not yet: there is a domain 'mail' already");
  await it.see('name: mail-2');
  it.type('\x7f\x7f');
  await it.see("there is a domain 'mail' already");
  it.type('\r');
  it.type('-2\r');
  await it.see("define it as 'mail-2'?");
  it.type('y');
  await it.see("Domain 'mail-2' defined from process 12");
});

test('a domain without a name is not defined before it has one; r asks for it', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, imported('unnamed', {isNamed: false}));
  scriptDefine(fake, 'web');
  const it = await open(fake);
  it.type('i12\r');
  await it.see('name: qemu-12');
  it.type('\x1b');
  await it.seeNo('name: qemu-12');
  it.type('y');
  await it.see('cannot define it: the domain has no name');
  it.type('r');
  await it.see('name: unnamed');
  it.type('\x15web\r');
  await it.see("define it as 'web'?");
  it.type('y');
  await it.see("Domain 'web' defined");
});

test('an error is marked in the command line, which can be edited until it is right', async () => {
  const fake = hypervisor();
  const bad = '/usr/bin/qemu -m';
  const problems = [{severity: 'error', line: 1, column: 15, message: "the option '-m' has no value"}] as const;
  fake.scriptImport({text: bad}, {commandLine: bad, isNamed: false, problems, notes: []});
  fake.scriptImport({text: `${bad} 64`}, imported('web'));
  const edited: string[] = [];
  const it = await open(fake, {
    editText: async (text, file) => {
      edited.push(`${file.name}${file.suffix}`);
      return `${text} 64`;
    },
  });
  it.type(`i${bad}\r`);
  await it.see('not yet: the command line has one problem');
  await it.see(/error: line 1, column 15: the option '-m' has no value/);
  await it.see(/\/usr\/bin\/qemu -m\s/);
  it.type('e');
  await it.see("define it as 'web'?");
  expect(edited).toEqual(['import.args']);
});

test('the XML can be edited before it is defined', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, imported('web'));
  scriptDefine(fake, 'www');
  const it = await open(fake, {editText: async text => text.replace('>web<', '>www<')});
  it.type('i12\r');
  await it.see("define it as 'web'?");
  it.type('e');
  await it.see("define it as 'www'?");
  it.type('y');
  await it.see("Domain 'www' defined from process 12");
});

test('an import that is not defined is kept until it is thrown away', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, imported('web'));
  const it = await open(fake);
  it.type('i12\r');
  await it.see("define it as 'web'?");
  it.type('n');
  await it.see('the import is kept');
  it.type('i');
  await it.see('goes on with process 12');
  it.type('\r');
  await it.see("define it as 'web'?");
  it.type('X');
  await it.see('the import was thrown away');
  it.type('i\r');
  await it.seeNo('goes on with');
  expect(fake.methods.filter(method => method === 'domainXmlFromNative')).toHaveLength(1);
});

test('what the hypervisor refuses is shown above the XML', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, imported('web'));
  fake.scriptDefine(xmlOf('web'), new VirtError('SYSTEM_ERROR', 'QEMU', 'no space left'));
  const it = await open(fake);
  it.type('i12\r');
  await it.see("define it as 'web'?");
  it.type('y');
  await it.see('error: no space left');
  await it.see('<name>web</name>');
});

test('a read-only connection shows an import and defines nothing', async () => {
  const fake = new FakeHypervisor({
    domains: [sampleDomain({name: 'mail'})],
    instance: {readOnly: true, readOnlyReason: 'it has another owner'},
  });
  fake.scriptLog('mail', []);
  fake.scriptImport({pid: 12}, imported('web'));
  const it = await open(fake);
  it.type(':import 12\r');
  await it.see('not yet: the connection is read-only');
  it.type('y');
  await it.see('cannot define it: the connection is read-only: it has another owner');
});

test('without UTF-8 and colours, at 80x24', async () => {
  const fake = hypervisor();
  fake.scriptImport({pid: 12}, imported('mail'));
  const it = await open(fake, {env: {LANG: 'C', NO_COLOR: '1', TERM: 'vt100'}});
  it.type('i12\r');
  await it.see('name: mail-2');
  expect(it.text).toMatch(/^[ -~\n]*$/);
});

test(':define and :import complete files', async () => {
  const it = await open(hypervisor(), {listFiles: async path => (path === '/a/x' ? ['x1', 'x2/'] : [])});
  it.type(':define /a/x\t');
  await it.see('x1  x2/');
  it.type('\x15import /a/x\t');
  await it.see('x1  x2/');
});
