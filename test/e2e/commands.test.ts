import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {hasQemu, Instance} from './instance.ts';

let instance: Instance;
beforeEach(async () => {
  instance = await Instance.make();
});
afterEach(() => instance.dispose());

const json = (...args: readonly string[]) => JSON.parse(instance.do(...args, '--json')) as Record<string, unknown>;

describe.skipIf(!hasQemu)('commands on a real guest (needs qemu-system-x86_64)', () => {
  beforeEach(() => instance.define('sector'));

  test('a domain goes through its life, one process for each command', () => {
    expect(instance.do('start', 'sector')).toBe("Domain 'sector' started\n\n");
    expect(instance.do('domstate', '--reason', 'sector').trim()).toBe('running (booted)');
    const {pid} = json('dominfo', 'sector');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    expect(instance.do('suspend', 'sector')).toContain('suspended');
    expect(instance.do('list', '--all')).toMatch(/ 1 +sector +paused/);
    expect(instance.do('resume', 'sector')).toContain('resumed');
    expect(instance.do('reset', 'sector')).toContain('was reset');
    expect(instance.do('qemu-monitor-command', 'sector', '--hmp', 'info', 'status')).toContain('running');
    expect(instance.do('dumpxml', 'sector')).toMatch(
      /<domain type='qemu' id='1'>[\s\S]*<source path='\/dev\/pts\/\d+'\/>/,
    );
    expect(instance.do('destroy', 'sector')).toContain('destroyed');
    expect(instance.do('domstate', '--reason', 'sector').trim()).toBe('shut off (destroyed)');
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(instance.do('undefine', 'sector')).toContain('has been undefined');
    expect(instance.do('list', '--all', '--name').trim()).toBe('');
  });

  test('the console is raw, is left by Ctrl-], and leaves the terminal as it was', async () => {
    instance.do('start', 'sector');
    const terminal = instance.open(['console', 'sector'], {columns: 80, rows: 24});
    await terminal.see(BOOT_SECTOR_BANNER);
    terminal.type('typed here');
    await terminal.see('> typed here');
    terminal.press('Ctrl-]');
    expect(await terminal.exited).toBe(0);
    expect(await terminal.leftovers()).toEqual([]);
    const again = instance.open(['console', 'sector'], {columns: 80, rows: 24});
    await again.see('> typed here');
  });

  test('a script types a line and gets the answer, or what was seen last', () => {
    instance.do('start', 'sector');
    expect(instance.do('console', 'sector', '--expect', '^> $')).toContain(BOOT_SECTOR_BANNER);
    expect(instance.do('console', 'sector', '--exec', 'f', '--expect', '^09ff .*\\n> $')).toMatch(
      /^0001 [\s\S]*\n> \n$/m,
    );
    const {status, stdout, stderr} = instance.run(
      'console',
      'sector',
      '--exec',
      'hi',
      '--expect',
      'ho',
      '--timeout',
      '1',
    );
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^hi\n/)]);
    expect(stderr).toContain("the console of 'sector': /ho/m did not come within 1 s; seen last: ");
    expect(stderr).not.toContain('echo');
    const echoed = instance.run('console', 'sector', '--exec', 'hi', '--expect', 'hi', '--timeout', '1');
    expect([echoed.status, echoed.stderr]).toEqual([
      1,
      expect.stringContaining("hint: only the guest's echo of what was typed matched"),
    ]);
  });

  test("the log is the emulator's or a serial line's, also that of the boot before", () => {
    instance.do('start', 'sector');
    instance.do('console', 'sector', '--exec', 'first boot', '--expect', '> $');
    instance.do('destroy', 'sector');
    expect(instance.do('log', 'sector', '--console')).toContain('> first boot\n');
    expect(instance.run('log', 'sector', '--console', '--boot', '-1').stderr).toContain(
      'nothing is kept of a boot before',
    );
    instance.do('start', 'sector');
    expect(instance.do('console', 'sector', '--expect', '> $')).not.toContain('first boot');
    expect(instance.do('log', 'sector', '--console=serial0', '--boot', '-1')).toContain('> first boot\n');
    expect(instance.do('log', 'sector', '--boot', '0').match(/virtty: starting/g)).toHaveLength(1);
    expect(instance.do('log', 'sector', '--since', '1h').match(/virtty: starting/g)).toHaveLength(2);
  });

  test('two consoles on one line see the same; one types, the other is told who, and takes over after a yes', async () => {
    const wide = {columns: 160};
    instance.do('start', 'sector');
    const one = instance.open(['console', 'sector'], wide);
    await one.see(BOOT_SECTOR_BANNER);
    one.type('from one');
    await one.see('> from one');
    const two = instance.open(['console', 'sector'], wide);
    await two.see(/types there, process \d+ on \/dev\/pts\/\d+, since [\d:]+\s+You look on/);
    await two.see('> from one');
    two.type('x');
    await two.see('Take over? y or n');
    two.type('n');
    await two.see('[virtty: you look on]');
    two.type('x');
    await two.until(() => two.text().split('Take over?').length === 3, 'to be asked again');
    two.type('y');
    await two.see('[virtty: you type now]');
    two.type(', from two');
    await one.see('> from one, from two');
    one.type('z');
    await one.see('Take over? y or n');
    one.press('Ctrl-]');
    expect(await one.exited).toBe(0);
    expect(instance.do('log', 'sector', '--console')).toContain('> from one, from two');
  });

  test('a console that is forced takes the line from whoever types', async () => {
    instance.do('start', 'sector');
    const one = instance.open(['console', 'sector']);
    await one.see(BOOT_SECTOR_BANNER);
    one.type('one');
    await one.see('> one');
    const refused = instance.run('console', 'sector', '--exec', 'two', '--expect', 'two');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringMatching(/types there, process \d+/)]);
    expect(instance.do('console', 'sector', '--force', '--exec', '-two', '--expect', '> $')).toContain('-two');
    await one.see('> one-two');
  });
});

test('what cannot be done ends with 1, what is not understood with 2, and says why', () => {
  expect(instance.run('start', 'nobody')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error: .*'nobody'/),
  });
  expect(instance.run('strat', 'nobody')).toMatchObject({status: 2, stderr: expect.stringContaining("'virtty start'")});
  expect(instance.run('list', '--nonsense')).toMatchObject({status: 2, stdout: ''});
});
