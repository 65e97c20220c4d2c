import {writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {hasQemu, Instance} from './instance.ts';

let instance: Instance;
beforeEach(async () => {
  instance = await Instance.make();
});
afterEach(() => instance.dispose());

/** An editor that waits for a line, so that it needs the terminal for itself, then changes the memory. */
function writeEditor(): string {
  const path = instance.root.join('editor.sh');
  const script = `#!/bin/sh\nprintf 'EDITOR, how much? '\nread kib\nsed -i "s/16384/$kib/" "$1"\n`;
  writeFileSync(path, script, {mode: 0o755});
  return path;
}

describe.skipIf(!hasQemu)('the XML on the screen (needs qemu-system-x86_64)', () => {
  beforeEach(() => instance.define('sector'));

  test.each([
    [80, 24],
    [120, 40],
  ])('look at it, at the command line, and edit it with an editor, at %d by %d', async (columns, rows) => {
    const terminal = instance.open([], {columns, rows, env: {EDITOR: writeEditor(), VISUAL: undefined}});
    await terminal.see(/sector\s.*shut off/);
    terminal.type('x');
    await terminal.see('XML of sector, saved');
    await terminal.see('<name>sector</name>');
    terminal.press('Esc');
    await terminal.notSee('XML of sector');
    terminal.type('a');
    await terminal.see(/-machine pc/);
    terminal.type('y');
    await terminal.see('Copied');
    expect(terminal.raw()).toContain('\x1b]52;c;');
    terminal.press('Esc');
    await terminal.notSee('Command line of sector');
    terminal.type('e');
    await terminal.see('EDITOR, how much?');
    terminal.type('32768');
    terminal.press('Enter');
    await terminal.see(/\+ +<memory unit='KiB'>32768</);
    terminal.type('y');
    await terminal.see("Domain 'sector' XML configuration edited.");
    expect(instance.do('dumpxml', 'sector')).toContain("<memory unit='KiB'>32768</memory>");
    terminal.type('s');
    await terminal.see(/sector\s.*running/);
    terminal.type('a');
    await terminal.see('as it was started');
    terminal.press('Esc');
    await terminal.notSee('as it was started');
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect(await terminal.leftovers()).toEqual([]);
  });

  test('Ctrl-C in the editor ends the editor, not the screen', async () => {
    const terminal = instance.open([], {env: {EDITOR: writeEditor(), VISUAL: undefined}});
    await terminal.see(/sector\s.*shut off/);
    terminal.type('e');
    await terminal.see('EDITOR, how much?');
    terminal.press('Ctrl-c');
    await terminal.see('nothing was edited');
    terminal.type('x');
    await terminal.see('XML of sector');
  });

  test('virtty edit offers to edit again what is refused', async () => {
    const env = {EDITOR: writeEditor(), VISUAL: undefined, TMPDIR: instance.root.path};
    const terminal = instance.open(['edit', 'sector'], {env});
    await terminal.see('EDITOR, how much?');
    terminal.type('x\r');
    await terminal.see('Failed. Edit again?');
    await terminal.see(/sector\.xml:\d+:\d+: error: /);
    terminal.type('n\r');
    await terminal.see('the text is kept in');
    expect(await terminal.exited).toBe(1);
    expect(await terminal.leftovers()).toEqual([]);
  });
});
