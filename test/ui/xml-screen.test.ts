import {afterEach, expect, test} from 'vitest';
import {problemsError} from '../../src/base/problem.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import type {AccessReport} from '../../src/model/access-report.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain, sampleSecurity, uuidFor} from '../support/samples.ts';
import {OpenScreen} from './screen-harness.ts';

let screen: OpenScreen | undefined;
afterEach(async () => {
  if (!screen) return;
  screen.type('\x03');
  screen.type('\x03');
  screen.type('\x03');
  await screen.ended;
  screen = undefined;
});

const SAVED = [
  "<domain type='qemu'>",
  '  <name>mail</name>',
  "  <memory unit='KiB'>65536</memory>",
  '  <vcpu>1</vcpu>',
  "  <os><type arch='x86_64'>hvm</type></os>",
  '</domain>',
  '',
].join('\n');
const EDITED = SAVED.replace('<vcpu>1<', '<vcpu>2<');
const BROKEN = SAVED.replace('</memory>', '</memry>');
const DEFINED = {name: 'mail', uuid: uuidFor('mail'), created: false, warnings: []};

function guest(
  running = false,
  domain = running ? runningDomain('mail', 1) : sampleDomain({name: 'mail'}),
  readOnly = false,
) {
  const hypervisor = new FakeHypervisor({domains: [domain], instance: {readOnly}});
  hypervisor.scriptLog('mail', []);
  hypervisor.scriptSecurity('mail', sampleSecurity('mail'));
  hypervisor.scriptStats('mail', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 2048n, vcpus: 1});
  hypervisor.scriptXml('mail', SAVED);
  hypervisor.scriptNative('mail', '/usr/bin/qemu-system-x86_64 \\\n  -name guest=mail \\\n  -display none');
  return hypervisor;
}

/** A screen whose editor gives these texts, one after the other; what it was given is in `opened`. */
async function open(hypervisor: FakeHypervisor, ...texts: readonly (string | Error)[]) {
  const opened: string[] = [];
  const left = [...texts];
  const editText = async (text: string): Promise<string> => {
    opened.push(text);
    const next = left.shift();
    if (next === undefined) throw new Error('the editor was opened once too often');
    if (next instanceof Error) throw next;
    return next;
  };
  const it = new OpenScreen(hypervisor, {editText});
  screen = it;
  await it.see('1 of 1');
  return {it, opened};
}

test('x shows the XML, Tab the other texts, Esc closes it', async () => {
  const {it} = await open(guest(true));
  it.type('x');
  await it.see('XML of mail');
  await it.see('[live] saved');
  it.type('\t\t');
  await it.see('[from saved to live]');
  await it.see('There is no difference.');
  it.type('\x1b');
  await it.seeNo('XML of mail');
});

test('a shows the command line; / searches it, y copies it through the terminal', async () => {
  const {it} = await open(guest());
  const copied: string[] = [];
  it.terminal.emulator.parser.registerOscHandler(52, data => {
    copied.push(Buffer.from(data.split(';')[1] ?? '', 'base64').toString());
    return true;
  });
  it.type('a');
  await it.see('Command line of mail, as a start would use it');
  it.type('/GUEST');
  await it.see('1 found');
  it.type('\r');
  await it.see('/GUEST: 1 of 1 found');
  it.type('y');
  await it.see("Copied 3 lines to the terminal's clipboard");
  expect(copied).toEqual(['/usr/bin/qemu-system-x86_64 \\\n  -name guest=mail \\\n  -display none\n']);
});

const REFUSED: AccessReport = {
  domain: 'mail',
  actor: {uid: 0, gid: 0, user: 'root', group: 'root', powerlessRoot: true},
  findings: [
    {role: 'emulator', path: '/usr/bin/qemu', access: 'execute', verdict: 'ok', steps: [], remedies: []},
    {
      role: 'disk',
      device: 'vda',
      path: '/home/a/disk.img',
      access: 'write',
      verdict: 'refused',
      steps: [],
      why: '/home/a: others may not pass through it',
      remedies: [
        {
          command: 'chmod o+x /home/a',
          changes: 'every user may pass through /home/a',
          argv: ['chmod', 'o+x', '/home/a'],
          undo: {command: 'chmod o-x /home/a'},
        },
        {command: 'setfacl -m u:0:x /home/a', changes: "root alone gets 'x' at /home/a"},
      ],
    },
  ],
  notes: [],
};

test('E explains what the process cannot reach, and Tab leads to the commands, which y copies as they are', async () => {
  const hypervisor = guest();
  hypervisor.scriptAccess('mail', REFUSED);
  const {it} = await open(hypervisor);
  const copied: string[] = [];
  it.terminal.emulator.parser.registerOscHandler(52, data => {
    copied.push(Buffer.from(data.split(';')[1] ?? '', 'base64').toString());
    return true;
  });
  it.type('E');
  await it.see('Access of mail');
  await it.see('refused    vda: /home/a/disk.img (write)');
  await it.see('others may not pass through it');
  it.type('\t');
  await it.see('[what would help]');
  it.type('y');
  await it.see("Copied 2 lines to the terminal's clipboard");
  expect(copied).toEqual(['chmod o+x /home/a\nsetfacl -m u:0:x /home/a\n']);
});

/** A guest that is refused until its remedy was run. */
function refusedGuest(domain = sampleDomain({name: 'mail'})): FakeHypervisor {
  const hypervisor = guest(false, domain);
  hypervisor.scriptAccess('mail', REFUSED);
  return hypervisor;
}

test('a remedy is run after a yes, the access explained anew, and what takes it back is offered', async () => {
  const hypervisor = refusedGuest();
  hypervisor.scriptRemedy({command: 'chmod o+x /home/a', output: '', undo: 'chmod o-x /home/a'});
  hypervisor.scriptRemedy({command: 'chmod o-x /home/a', output: ''});
  const {it} = await open(hypervisor);
  it.type('E');
  await it.see('r what would help');
  it.type('r');
  await it.see('>chmod o+x /home/a');
  it.type('\x1b[B');
  await it.see('>setfacl -m u:0:x /home/a');
  it.type('\r');
  await it.see('this is for a person to do: y copies it');
  it.type('k\r');
  await it.see('Run on the host: chmod o+x /home/a');
  await it.see('(every user may pass through');
  await it.see('taken back by: chmod o-x /home/a)');
  expect(hypervisor.methods).not.toContain('domainRemedy');
  it.type('n');
  await it.seeNo('Run on the host');
  it.type('r');
  await it.see('Run on the host');
  hypervisor.scriptAccess('mail', {...REFUSED, findings: REFUSED.findings.slice(0, 1)});
  it.type('y');
  await it.see('chmod o+x /home/a: was run');
  await it.seeNo('refused');
  it.type('r');
  await it.see('>chmod o-x /home/a');
  it.type('r');
  await it.see('(it is as it was before');
  it.type('y');
  await it.see('chmod o-x /home/a: was run');
  await it.seeNo('what would help');
});

test('a remedy that fails says so with what it printed', async () => {
  const hypervisor = refusedGuest();
  const failure = 'it ended with exit status 1';
  hypervisor.scriptRemedy({command: 'chmod o+x /home/a', output: 'chmod: not \x1b[31mtoday\n', failure});
  const {it} = await open(hypervisor);
  it.type('E');
  await it.see('r what would help');
  it.type('r');
  await it.see('r run it');
  it.type('r');
  await it.see('y yes');
  it.type('y');
  await it.see('chmod o+x /home/a: failed: it ended with exit status 1');
  await it.see('chmod: not');
  await it.see('refused    vda: /home/a/disk.img (write)');
});

test('over a read-only connection no remedy is run', async () => {
  const hypervisor = guest(false, sampleDomain({name: 'mail'}), true);
  hypervisor.scriptAccess('mail', REFUSED);
  const {it} = await open(hypervisor);
  it.type('E');
  await it.see('r what would help');
  it.type('r');
  await it.see('r run it');
  it.type('r');
  await it.see('cannot run it: the connection is read-only');
  expect(hypervisor.methods).not.toContain('domainRemedy');
});

test('a start that failed puts the key that explains first, and x shows the explanation beside the XML', async () => {
  const hypervisor = refusedGuest(sampleDomain({name: 'mail', state: {is: 'shut off', reason: 'failed'}}));
  const {it} = await open(hypervisor);
  await it.see('E why it did not start');
  it.type('x');
  await it.see('XML of mail, which did not start');
  await it.see('[saved] access what would help');
  it.type('\t');
  await it.see('refused    vda: /home/a/disk.img (write)');
});

test('the menu and the command line explain, too', async () => {
  const hypervisor = guest();
  hypervisor.scriptAccess('mail', REFUSED);
  const {it} = await open(hypervisor);
  it.type(':explain mail\r');
  await it.see('Access of mail');
  it.type('\x1b');
  await it.seeNo('Access of mail');
  it.type('o');
  await it.see('E  Explain');
  it.type('\x1b[A');
  await it.see('> E  Explain');
  it.type('\r');
  await it.see('Access of mail');
});

test('a start that failed names the file that is refused, and how it is explained', async () => {
  const hypervisor = guest();
  hypervisor.scriptAccess('mail', REFUSED);
  hypervisor.failNext('domainCreate', new VirtError('INTERNAL_ERROR', 'QEMU', 'the emulator refused'));
  const {it} = await open(hypervisor);
  it.type('s');
  await it.see('the emulator refused');
  await it.see('hint: vda: /home/a/disk.img is refused; E says why, and what would help');
  it.type('E');
  await it.see('refused    vda: /home/a/disk.img (write)');
});

test('a start that failed for another reason says no more than that', async () => {
  const hypervisor = guest();
  const [reached] = REFUSED.findings;
  hypervisor.scriptAccess('mail', {...REFUSED, findings: reached ? [reached] : []});
  hypervisor.failNext('domainCreate', new VirtError('INTERNAL_ERROR', 'QEMU', 'the emulator refused'));
  const {it} = await open(hypervisor);
  it.type('s');
  await it.see('the emulator refused');
  await it.seeNo('E says why');
});

test('says why there is no command line', async () => {
  const hypervisor = guest();
  hypervisor.failNext('domainXmlToNative', new VirtError('CONFIG_UNSUPPORTED', 'QEMU', 'no such machine'));
  const {it} = await open(hypervisor);
  it.type('a');
  await it.see('no such machine');
});

test('an edited definition is defined after a yes, not before', async () => {
  const hypervisor = guest();
  hypervisor.scriptDefine(EDITED, DEFINED);
  const {it} = await open(hypervisor, EDITED);
  it.type('e');
  await it.see('+   <vcpu>2</vcpu>');
  await it.see('define it?');
  expect(hypervisor.methods).not.toContain('domainDefineXml');
  it.type('y');
  await it.see("Domain 'mail' XML configuration edited.");
  expect(hypervisor.calls.filter(call => call.method === 'domainDefineXml')).toHaveLength(1);
});

test('unchanged says so', async () => {
  const {it} = await open(guest(), SAVED);
  it.type('e');
  await it.see("Domain 'mail' XML configuration not changed.");
});

test('problems are shown with their place and cannot be defined; editing again begins where it was left', async () => {
  const hypervisor = guest();
  hypervisor.scriptDefine(EDITED, DEFINED);
  const {it, opened} = await open(hypervisor, BROKEN, EDITED);
  it.type('e');
  await it.see(/error: line 3, column \d+/);
  it.type('y');
  await it.see('e edits again');
  it.type('e');
  await it.see('define it?');
  expect(opened).toEqual([SAVED, BROKEN]);
  it.type('y');
  await it.see('XML configuration edited.');
});

test('a text that was not defined is kept, until it is thrown away', async () => {
  const {it, opened} = await open(guest(), EDITED, EDITED, SAVED);
  it.type('e');
  await it.see('define it?');
  it.type('n');
  await it.see('the text is kept');
  it.type('e');
  await it.see('define it?');
  it.type('X');
  await it.see('was thrown away');
  it.type('e');
  await it.see('not changed');
  expect(opened).toEqual([SAVED, EDITED, SAVED]);
});

test('what the hypervisor refuses is shown above the difference', async () => {
  const hypervisor = guest();
  const problem = {severity: 'error', line: 2, column: 3, message: 'the name is taken'} as const;
  hypervisor.scriptDefine(EDITED, problemsError('cannot define the domain', [problem]));
  const {it} = await open(hypervisor, EDITED);
  it.type('e');
  await it.see('define it?');
  it.type('y');
  await it.see('line 2, column 3: the name is taken');
  await it.see('+   <vcpu>2</vcpu>');
});

test('a definition that was changed meanwhile is not overwritten', async () => {
  const hypervisor = guest();
  const {it} = await open(hypervisor, EDITED);
  it.type('e');
  await it.see('define it?');
  hypervisor.scriptXml('mail', SAVED.replace('65536', '131072'));
  it.type('y');
  await it.see('was changed meanwhile');
  await it.see("-   <memory unit='KiB'>131072</memory>");
  expect(hypervisor.methods).not.toContain('domainDefineXml');
});

test('an editor that fails changes nothing', async () => {
  const {it} = await open(guest(), new VirtError('OPERATION_FAILED', 'NONE', "the editor 'false' ended with status 1"));
  it.type('e');
  await it.see("the editor 'false' ended with status 1");
});

test('after a search in an edited definition n goes to the next match, and Esc is no', async () => {
  const {it} = await open(guest(), EDITED);
  it.type('e');
  await it.see('n not now, keep the text');
  it.type('/vcpu\r');
  await it.see('/vcpu: 1 of 2 found');
  await it.see('Esc not now, keep the text');
  it.type('n');
  await it.see('/vcpu: 2 of 2 found');
  it.type('N');
  await it.see('/vcpu: 1 of 2 found');
  it.type('\x1b');
  await it.see('the text is kept');
});

test('v holds an edited definition against the schema, too', async () => {
  const hypervisor = guest();
  const odd = EDITED.replace('</domain>', '  <boguz/>\n</domain>');
  hypervisor.scriptDefine(odd, DEFINED);
  const {it} = await open(hypervisor, odd);
  it.type('e');
  await it.see('warning: line 6, column 3: <boguz> is not understood yet');
  await it.see('mail: define it?');
  it.type('v');
  await it.see('error: line 6, column 3: <boguz> is not known');
  await it.see('mail, validated: not yet: the XML has one problem');
  it.type('v');
  await it.see('mail: define it?');
  it.type('y');
  await it.see('XML configuration edited.');
  expect(hypervisor.calls.findLast(call => call.method === 'domainDefineXml')?.args[1]).toEqual({validate: false});
});
