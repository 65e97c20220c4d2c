import {rmSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {hasQemu, Instance} from './instance.ts';

let instance: Instance;
beforeEach(async () => {
  instance = await Instance.make();
});
afterEach(() => instance.dispose());

describe.skipIf(!hasQemu)('a guest on the screen (needs qemu-system-x86_64)', () => {
  beforeEach(() => instance.define('sector'));

  test('start it, type into its console, leave, force it off, quit: the terminal is as it was', async () => {
    const terminal = instance.open();
    await terminal.see(/sector\s.*shut off/);
    terminal.type('s');
    await terminal.see(/sector\s.*running/);
    terminal.type('c');
    await terminal.see(BOOT_SECTOR_BANNER);
    await terminal.see('Ctrl-]');
    terminal.type('hello, guest');
    await terminal.see('> hello, guest');
    terminal.press('Ctrl-]');
    terminal.type('K');
    await terminal.see(/Force 'sector' off\?/);
    terminal.type('y');
    await terminal.see(/sector\s.*shut off/);
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect(await terminal.leftovers()).toEqual([]);
  });

  test('a console is searched, and the guest is told the size of the pane as a typed line', async () => {
    const terminal = instance.open();
    await terminal.see(/sector\s.*shut off/);
    terminal.type('s');
    await terminal.see(/sector\s.*running/);
    terminal.type('c');
    await terminal.see(BOOT_SECTOR_BANNER);
    terminal.type('f\r');
    await terminal.see('09ff');
    terminal.press('Ctrl-]');
    terminal.type('/0042 \r');
    await terminal.see(/paused, \d+ lines below +1\/1 found/);
    await terminal.see('0041 ');
    terminal.type(':resize\r');
    await terminal.see(/> stty rows \d+ cols \d+/);
    await terminal.see('following');
  });

  test('the guest lives when the console is killed, and the next console shows it with its history', async () => {
    const first = instance.open();
    await first.see(/sector\s.*shut off/);
    first.type('s');
    await first.see(/sector\s.*running/);
    first.type('c');
    await first.see('> ');
    first.type('before the crash');
    await first.see('before the crash');
    process.kill(instance.ownerPid(), 'SIGKILL');
    expect(await first.exited).toBe(137);
    expect(await first.leftovers()).toEqual([]);

    const second = instance.open();
    await second.see(/sector\s.*running/);
    second.type('c');
    await second.see('before the crash');
    second.type(' and after');
    await second.see('before the crash and after');
  });

  test('a guest that died while no console was open is shut off, and its end is told', async () => {
    instance.do('start', 'sector');
    const pid = Number((JSON.parse(instance.do('dominfo', 'sector', '--json')) as {pid: number}).pid);
    process.kill(pid, 'SIGKILL');
    const terminal = instance.open();
    await terminal.see(/sector\s.*shut off/);
    await terminal.see(/killed by SIGKILL/);
  });

  test('a monitor command is answered in its pane', async () => {
    instance.do('start', 'sector');
    const terminal = instance.open();
    await terminal.see(/sector\s.*running/);
    terminal.type('m');
    await terminal.see('(qemu)');
    terminal.type('info status\r');
    await terminal.see('VM status: running');
  });

  test('a start that fails shows what the emulator said', async () => {
    const terminal = instance.open();
    await terminal.see(/sector\s.*shut off/);
    rmSync(instance.root.join('sector.img'));
    terminal.type('s');
    await terminal.see(/No such file or directory/);
    await terminal.see(/sector\s.*failed/);
  });

  test('pause and resume show at once', async () => {
    instance.do('start', 'sector');
    const terminal = instance.open();
    await terminal.see(/sector\s.*running/);
    terminal.type('p');
    await terminal.see(/sector\s.*paused/);
    terminal.type('p');
    await terminal.see(/sector\s.*running/);
  });

  test('a second console says who owns the instance, and looking still works', async () => {
    const first = instance.open();
    await first.see(/sector\s.*shut off/);
    const second = instance.run('start', 'sector');
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`process ${instance.ownerPid()}`);
    expect(instance.do('list', '--all')).toMatch(/sector\s+shut off/);
  });
});

describe('the screen', () => {
  test('says what to do when there is nothing', async () => {
    const terminal = instance.open();
    await terminal.see('define FILE');
  });

  test('shows domains, capabilities and security together from 120 columns on, one at a time at 80', async () => {
    const wide = instance.open([], {columns: 120, rows: 40});
    await wide.see('Domains');
    await wide.see('Capabilities');
    await wide.see('Security');
    wide.type('q');
    await wide.exited;
    const narrow = instance.open([], {columns: 80, rows: 24});
    await narrow.see('define FILE');
    await narrow.notSee('KVM');
    narrow.type('5');
    await narrow.see('KVM');
  });

  test('what is typed before the first frame does not disturb it', async () => {
    const terminal = instance.open([], {columns: 80, rows: 24});
    terminal.type(':uri');
    const rows = () => terminal.text().split('\n');
    await terminal.until(
      () => rows()[0]?.includes('virtty') === true && rows()[23]?.includes(':uri') === true,
      'for an intact frame',
    );
  });

  test('says what size it needs, and comes back when it has it', async () => {
    const terminal = instance.open([], {columns: 50, rows: 10});
    await terminal.see('60x15');
    terminal.resize(100, 30);
    await terminal.see('Domains');
  });

  test('every key is in the help', async () => {
    const terminal = instance.open();
    await terminal.see('Domains');
    terminal.type('?');
    for (const word of ['force off', 'console', 'monitor', 'filter', 'quit']) await terminal.see(new RegExp(word, 'i'));
    terminal.press('Esc');
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('restores the terminal on %s', async signal => {
    const terminal = instance.open();
    await terminal.see('Domains');
    process.kill(instance.ownerPid(), signal);
    await terminal.exited;
    expect(await terminal.leftovers()).toEqual([]);
  });

  test('restores the terminal after a crash', async () => {
    const terminal = instance.open();
    await terminal.see('Domains');
    process.kill(instance.ownerPid(), 'SIGSEGV');
    expect(await terminal.exited).toBe(139);
    expect(await terminal.leftovers()).toEqual([]);
  });

  test('draws without colours when NO_COLOR asks, and in ASCII without UTF-8', async () => {
    const terminal = instance.open([], {env: {NO_COLOR: '1', LANG: 'C', LC_CTYPE: 'C'}});
    await terminal.see('Domains');
    expect(terminal.raw()).not.toMatch(/\x1b\[(?:[0-9;]*;)?(?:3[0-7]|38|9[0-7]|4[0-7]|48)[;0-9]*m/);
    expect([...terminal.text()].filter(character => character > '~')).toEqual([]);
  });

  test('needs a terminal, and says so', () => {
    const {status, stderr} = instance.run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*terminal/);
    expect(stderr).toContain('virtty list --all');
  });
});
