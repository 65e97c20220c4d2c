import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {hasQemu, Instance} from './instance.ts';

let instance: Instance;
beforeEach(async () => {
  instance = await Instance.make();
});
afterEach(() => instance.dispose());

/** How often a text stands on the screen. */
const times = (screen: string, text: string) => screen.split(text).length - 1;

describe.skipIf(!hasQemu)('a console over reboots and restarts (needs qemu-system-x86_64)', () => {
  beforeEach(() => {
    instance.define('sector');
    instance.do('start', 'sector');
  });

  test('the attachment of a person stays: the guest reboots, goes off, and is started again', async () => {
    const terminal = instance.open(['console', 'sector'], {columns: 80, rows: 24});
    const seeBanner = (count: number) =>
      terminal.until(() => times(terminal.text(), BOOT_SECTOR_BANNER) === count, `for banner ${count}`);
    await seeBanner(1);
    terminal.type('r\r');
    await seeBanner(2);
    terminal.type('p\r');
    await terminal.see('[sector is shut off; waiting for it to start, Ctrl-] leaves]');
    terminal.type('typed while it is off');
    while (!instance.do('domstate', 'sector').includes('shut off')); // the line is closed before the run is over
    instance.do('start', 'sector');
    await seeBanner(3);
    terminal.type('typed now');
    await terminal.see('> typed now');
    expect(terminal.text()).not.toContain('while it is off');
    terminal.press('Ctrl-]');
    expect(await terminal.exited).toBe(0);
    expect(await terminal.leftovers()).toEqual([]);
  });

  test('a person leaves while the guest is off', async () => {
    const terminal = instance.open(['console', 'sector', '--escape', '^x'], {columns: 80, rows: 24});
    await terminal.see(BOOT_SECTOR_BANNER);
    instance.do('destroy', 'sector');
    await terminal.see('[sector is shut off; waiting for it to start, Ctrl-X leaves]');
    terminal.press('Ctrl-x');
    expect(await terminal.exited).toBe(0);
  });

  test('a domain that is undefined meanwhile, or a script, ends with the guest', async () => {
    const terminal = instance.open(['console', 'sector'], {columns: 80, rows: 24});
    await terminal.see(BOOT_SECTOR_BANNER);
    instance.do('undefine', 'sector');
    terminal.type('p\r');
    await terminal.see("Domain 'sector' went off: the console is closed");
    expect(await terminal.exited).toBe(0);
    instance.define('script');
    instance.do('start', 'script');
    const {status, stderr} = instance.run('console', 'script', '--exec', 'p', '--expect', 'never');
    expect([status, stderr]).toEqual([1, expect.stringContaining('the domain went off before /never/m came')]);
  });

  test('the pane stays, too', async () => {
    const terminal = instance.open();
    await terminal.see(/sector\s.*running/);
    terminal.type('c');
    await terminal.see(BOOT_SECTOR_BANNER);
    terminal.type('r\r');
    await terminal.until(() => times(terminal.text(), BOOT_SECTOR_BANNER) === 2, 'for the second banner');
    terminal.type('p\r');
    await terminal.see('guest is off: output kept');
    terminal.press('Ctrl-]');
    await terminal.see(/sector\s.*shut off/);
    terminal.type('s');
    await terminal.until(() => times(terminal.text(), BOOT_SECTOR_BANNER) === 3, 'for the third banner');
    terminal.type('c');
    await terminal.see('TYPING');
    terminal.type('typed now');
    await terminal.see('> typed now');
  });
});
