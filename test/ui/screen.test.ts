import {afterEach, expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain, sampleSecurity} from '../support/samples.ts';
import {type OpenOptions, OpenScreen} from './screen-harness.ts';

let screen: OpenScreen | undefined;
afterEach(async () => {
  if (!screen) return;
  // Out of a console and whatever is in front, then quit.
  screen.type('\x1d');
  screen.type('\x03');
  screen.type('\x03');
  await screen.ended;
  screen = undefined;
});

function guests(): FakeHypervisor {
  const hypervisor = new FakeHypervisor({
    domains: [
      runningDomain('web', 1),
      sampleDomain({name: 'mail'}),
      sampleDomain({
        name: 'db',
        state: {is: 'shut off', reason: 'crashed'},
        lastWords: ['qemu: \x1b]0;evil\x07no space left'],
      }),
    ],
  });
  for (const name of ['web', 'mail', 'db']) {
    hypervisor.scriptLog(name, [`log of ${name}`]);
    hypervisor.scriptSecurity(name, sampleSecurity(name));
    hypervisor.scriptStats(name, {atMs: 1000, cpuTimeNs: 0n, rssKiB: 2048n, vcpus: 1});
  }
  return hypervisor;
}

function open(hypervisor: FakeHypervisor, options?: OpenOptions): OpenScreen {
  screen = new OpenScreen(hypervisor, options);
  return screen;
}

test('lists the domains with state, and selects with j and k', async () => {
  const it = open(guests());
  await it.see(/web +● running/);
  await it.see(/db +✗ shut off \(crashed\)/);
  await it.see('1 of 3');
  it.type('j');
  await it.see('2 of 3');
  it.type('jk\x1b[B');
  await it.see('3 of 3');
});

test('starts a domain; the row changes by the event', async () => {
  const hypervisor = guests();
  const it = open(hypervisor);
  await it.see('mail');
  it.type('js');
  await it.see(/mail +● running/);
  await it.see("Domain 'mail' started");
  expect(hypervisor.calls.filter(call => call.method === 'domainCreate')).toHaveLength(1);
});

test('asks before it forces off, and no means no', async () => {
  const hypervisor = guests();
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.type('GK');
  await it.see("Force 'web' off?");
  it.type('n');
  await it.seeNo("Force 'web' off?");
  expect(hypervisor.methods).not.toContain('domainDestroy');
  it.type('Ky');
  await it.see(/web +○ shut off \(destroyed\)/);
});

test('says why an action cannot be done', async () => {
  const it = open(guests());
  await it.see('1 of 3');
  it.type('d');
  await it.see("cannot shut down: domain 'db' is shut off");
  it.type('\x1b[B\x1b\x1b[A');
  await it.seeNo('cannot shut down');
});

test('an error stays with its lines and its hint until Escape', async () => {
  const hypervisor = guests();
  hypervisor.failNext(
    'domainCreate',
    new VirtError('OPERATION_FAILED', 'QEMU', "cannot start 'db'", {
      detail: ['qemu: -drive: no such file'],
      hint: 'look at the disk',
    }),
  );
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.type('s');
  await it.see("error: cannot start 'db'");
  await it.see('qemu: -drive: no such file');
  await it.see('hint: look at the disk');
  it.type('j');
  await it.see('2 of 3');
  await it.see("error: cannot start 'db'");
  it.type('\x1b');
  await it.seeNo('error:');
});

test('the console takes what is typed, also in the same piece as the key that opened it, until Ctrl-]', async () => {
  const hypervisor = guests();
  const line = hypervisor.addConsole('web');
  line.output('boot\r\nlogin: ');
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.type('Gcroot\r');
  await it.see('login: root');
  await it.see('TYPING');
  await it.see('Ctrl-] leaves');
  it.type('q\x1b[A\x1b[200~pasted\x1b[201~');
  await it.see('pasted');
  it.type('!\x1dq');
  await it.ended;
  expect(line.typed).toBe('root\rq\x1b[Apasted!');
});

test('a guest that goes off keeps its output; nothing can be typed', async () => {
  const hypervisor = guests();
  const line = hypervisor.addConsole('web');
  line.output('last line');
  const it = open(hypervisor, {startCommand: 'console web'});
  await it.see('last line');
  hypervisor.change('web', {state: {is: 'shut off', reason: 'crashed'}});
  await it.see('Ctrl-] leaves  guest is off: output kept');
  it.type('lost');
  expect(line.typed).toBe('');
  await it.see('last line');
});

test('the monitor runs HMP commands and remembers them', async () => {
  const hypervisor = guests();
  hypervisor.scriptMonitor('web', 'info status', 'VM status: running\r\n');
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.type('Gminfo status\r');
  await it.see('VM status: running');
  it.type('\x1b[A');
  await it.see(/\(qemu\) info status\n[\s\S]*\(qemu\) info status/);
  it.type('\x1b');
  await it.see('3 of 3');
});

test('filters while typing, and Escape clears', async () => {
  const it = open(guests());
  await it.see('1 of 3');
  it.type('/we');
  await it.see('1 of 3 ');
  await it.seeNo('mail');
  it.type('\x1b');
  await it.see('mail');
});

test('the command line completes and runs', async () => {
  const hypervisor = guests();
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.type(':sta\tma\t\r');
  await it.see(/mail +● running/);
  it.type(':nonsense\r');
  await it.see("there is no command 'nonsense'");
});

test('the menu gives the reason for what cannot be done, and does what is chosen', async () => {
  const hypervisor = guests();
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.type('o');
  await it.see("not now: domain 'db' is shut off");
  it.type('\r');
  await it.see(/db +● running/);
});

test('120 columns show domains, detail, capabilities and security together; 80 one at a time', async () => {
  const it = open(guests(), {columns: 120, rows: 40});
  for (const word of ['Domains', 'Detail  db', 'Capabilities', 'Security', 'not usable']) await it.see(word);
  it.resize(80, 24);
  await it.seeNo('Driver');
  await it.see('6 Security');
  it.type('6');
  await it.see('Driver');
});

test('says what size it needs', async () => {
  const it = open(guests(), {columns: 59, rows: 20});
  await it.see('needs 60x15; this terminal has 59x20');
});

test('the last words of an emulator are shown without its control sequences', async () => {
  const it = open(guests());
  await it.see('1 of 3');
  it.type('\r');
  await it.see('qemu: no space left');
});

test('nothing is written while nothing changes, and five cells cost little', async () => {
  const hypervisor = new FakeHypervisor({domains: ['a', 'b', 'c', 'd'].map(name => sampleDomain({name}))});
  for (const name of ['a', 'b', 'c', 'd']) hypervisor.scriptLog(name, []);
  const it = open(hypervisor, {columns: 120, rows: 40});
  await it.see('KVM');
  const before = it.terminal.bytes;
  hypervisor.emit({type: 'changed', domain: sampleDomain({name: 'a'})});
  hypervisor.emit({type: 'changed', domain: sampleDomain({name: 'd', vcpus: 7})});
  await it.see(/d +○ shut off +- +7/);
  expect(it.terminal.bytes - before).toBeLessThan(1000);
});

test('frames wait while the line has not taken the last one', async () => {
  const hypervisor = guests();
  const it = open(hypervisor);
  await it.see('1 of 3');
  it.terminal.writableNeedDrain = true;
  const turns = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  };
  const before = it.terminal.frames;
  for (let count = 0; count < 5; count++) {
    hypervisor.change('mail', {title: `${count}`});
    it.type(count % 2 === 0 ? 'g' : 'G');
    await turns();
  }
  expect(it.terminal.frames - before).toBeLessThanOrEqual(1); // the one that was under way
  it.terminal.writableNeedDrain = false;
  it.terminal.emit('drain');
  it.type('G');
  await it.see('3 of 3');
});

test('without UTF-8 nothing but ASCII is drawn', async () => {
  const hypervisor = new FakeHypervisor({domains: [sampleDomain({name: 'späti'})]});
  const it = open(hypervisor, {columns: 120, rows: 40, env: {LANG: 'C', TERM: 'vt100'}});
  hypervisor.scriptLog('späti', []);
  await it.see('sp?ti');
  expect(it.text).toMatch(/^[\n -~]*$/);
});

test('the history of a console is searched, said to be paused, copied and written into a file', async () => {
  const hypervisor = guests();
  const line = hypervisor.addConsole('web');
  line.output(Array.from({length: 100}, (_, at) => `line ${at + 1}\r\n`).join(''));
  const written: string[][] = [];
  const it = open(hypervisor, {
    startCommand: 'console web',
    writeNewFile: async (path, text) => {
      written.push([path, text.slice(0, 14)]);
      return `/home/me/${path}`;
    },
  });
  await it.see('line 100');
  await it.see('following');
  it.type('\x1d/line 3\r');
  await it.see('11/11 found');
  await it.see(/paused, \d+ lines below/);
  it.type('N');
  await it.see('10/11 found');
  it.type('/nowhere\r');
  await it.see("'nowhere' is not in the history");
  it.type('y');
  await it.see(/Copied \d+ lines to the terminal's clipboard/);
  it.type('w');
  await it.see('history to file: web-serial0.txt');
  it.type('\r');
  await it.see(/Wrote 100 lines, 792 bytes, to \/home\/me\/web-serial0.txt/);
  expect(written).toEqual([['web-serial0.txt', 'line 1\nline 2\n']]);
  it.type('G');
  await it.see('following');
});

test('a key shows the next line of a domain with several', async () => {
  const hypervisor = guests();
  hypervisor.addConsole('web').output('on the first');
  hypervisor.addConsole('web', {alias: 'serial1', kind: 'serial'}).output('on the second');
  const it = open(hypervisor, {startCommand: 'console web'});
  await it.see('serial0 (1 of 2)');
  await it.see('on the first');
  it.type('\x1dt');
  await it.see('serial1 (2 of 2)');
  await it.see('on the second');
  it.type('t');
  await it.see('on the first');
});

test('a console on which nothing is to be seen says so, and a key sends a newline', async () => {
  const hypervisor = guests();
  hypervisor.scriptXml('web', '<domain><os><kernel>/k</kernel><cmdline>quiet</cmdline></os></domain>');
  const line = hypervisor.addConsole('web');
  line.echo = false;
  const it = open(hypervisor, {startCommand: 'console web'});
  await it.see('not one byte since it was started');
  await it.see('names no console: console=ttyS0');
  it.type('\x1d');
  await it.see('l sends a newline');
  it.type('l');
  it.type(':resize\r');
  await it.until(() => line.typed !== '\r', 'the size');
  expect(line.typed).toBe('\rstty rows 20 cols 80\r');
  line.output('guest login: ');
  await it.see('guest login:');
  await it.seeNo('sends a newline:');
});
