import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Picture} from '../../src/base/picture.ts';
import {decodePng, decodeSixel, KittyTerminal} from '../support/image-decoders.ts';
import type {TestTerminal} from './harness/terminal.ts';
import {hasQemu, Instance, VIRTTY} from './instance.ts';

const VIDEO = "<video><model type='vga'/></video>";
/** The size of a cell, then of all of them, on 120x40. */
const SIZES = '\x1b[6;20;10t\x1b[4;800;1200t';

let instance: Instance;
beforeEach(async () => {
  instance = await Instance.make();
});
afterEach(() => instance.dispose());

/** A picture of a guest's screen, as the command line takes it. */
async function shotOf(name: string): Promise<Picture> {
  const file = instance.root.join(`${name}.png`);
  instance.do('screenshot', name, file);
  return decodePng(readFileSync(file));
}

function differentPixels(one: Picture | undefined, other: Picture): number {
  const isDifferent = (at: number) => one?.rgb.subarray(at, at + 3).join() !== other.rgb.subarray(at, at + 3).join();
  return Array.from({length: other.width * other.height}, (_, pixel) => 3 * pixel).filter(isDifferent).length;
}

/** Starts a guest and waits until it has booted from its disk, after which nothing on its screen changes but the cursor. */
async function startGuest(name: string): Promise<void> {
  instance.define(name, VIDEO);
  instance.do('start', name);
  const console = instance.open(['console', name]);
  await console.see(/^>/m);
  console.press('Ctrl-]');
  await console.exited;
}

/** Says who the terminal is, as it is asked. */
async function answer(terminal: TestTerminal, who: string, kitty: string): Promise<void> {
  await terminal.until(() => terminal.raw().includes('\x1b[>q'), 'to be asked who it is');
  terminal.type(`${who}${SIZES}\x1b[?62;4c`);
  await terminal.until(() => terminal.raw().includes('\x1b_Ga=q'), 'to be asked for the protocol');
  terminal.type(`${kitty}\x1b[?62;4c`);
}

describe.skipIf(!hasQemu)('the screen of a guest as an image (needs qemu-system-x86_64)', () => {
  test('kitty gets the very pixels that screenshot saves; leaving takes them away, and the terminal is as it was', async () => {
    await startGuest('vga');
    const terminal = instance.open([], {answers: false});
    await terminal.see(/vga\s.*running/);
    terminal.type('v');
    await answer(terminal, '\x1bP>|kitty(0.32.2)\x1b\\', '\x1b_Gi=118;OK\x1b\\');
    const images = () => {
      const kitty = new KittyTerminal();
      kitty.feed(terminal.raw());
      return [...kitty.images.values()];
    };
    await terminal.until(() => images().length === 1, 'to have an image');
    const [image] = images();
    const shot = await shotOf('vga');
    expect(image?.picture).toMatchObject({width: shot.width, height: shot.height});
    // The cursor blinks: a cell of 9x16.
    expect(differentPixels(image?.picture, shot)).toBeLessThanOrEqual(9 * 16);
    // 720x400 in 120x37 cells of 10x20.
    expect(image).toMatchObject({columns: 120, rows: 34});
    expect(terminal.text()).not.toMatch(/▀|Gi=|kitty/);
    terminal.press('Esc');
    await terminal.until(() => images().length === 0, 'to have no image');
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect(await terminal.leftovers()).toEqual([]);
  });

  test('sixels have the shape of the screen, and every pixel of it is drawn', async () => {
    await startGuest('vga');
    const terminal = instance.open([], {answers: false});
    await terminal.see(/vga\s.*running/);
    terminal.type('v');
    await answer(terminal, '', '');
    const sixels = () => /\x1bP0;1;0q[^\x1b]*\x1b\\/.exec(terminal.raw())?.[0];
    await terminal.until(() => sixels() !== undefined, 'to have sixels');
    const drawn = decodeSixel(sixels() ?? '');
    expect(drawn).toMatchObject({width: 1200, height: 667});
    const isUnset = (at: number) => drawn.rgb[at] === 255 && drawn.rgb[at + 1] === 0 && drawn.rgb[at + 2] === 255;
    expect(Array.from({length: 1200 * 667}, (_, pixel) => 3 * pixel).filter(isUnset)).toEqual([]);
    await terminal.see(/Screen of vga .* 720x400/);
  });

  test('a terminal without images shows blocks: it answers, and its answers are no keys', async () => {
    await startGuest('vga');
    const terminal = instance.open(); // xterm.js answers for itself
    await terminal.see(/vga\s.*running/);
    terminal.type('v');
    await terminal.until(() => terminal.raw().includes('\x1b_Ga=q'), 'to be asked for the protocol');
    await terminal.see('▀');
    terminal.type('t');
    await terminal.see('type:');
    expect(terminal.text()).not.toMatch(/Gi=|type: \S/);
  });

  test('an emulator that is stopped owes its picture: the list and the other guest go on', async () => {
    await startGuest('vga');
    instance.define('other');
    const {pid} = JSON.parse(instance.do('dominfo', 'vga', '--json')) as {readonly pid: number};
    const terminal = instance.open([], {env: {VIRTTY_GRAPHICS: 'blocks'}});
    await terminal.see(/vga\s.*running/);
    process.kill(pid, 'SIGSTOP');
    try {
      terminal.type(':display vga\r');
      await terminal.see('Taking a picture');
      terminal.press('Esc');
      terminal.type(':start other\r');
      await terminal.see(/other\s.*running/, 4000);
      // Its processor time is read again and again while the picture of the first is owed.
      await terminal.see(/other\s.*running\s.*\d%/, 4000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  const hasTmux = spawnSync('tmux', ['-V']).status === 0;
  test.skipIf(!hasTmux)('tmux gets blocks, and its pane keeps its title (needs tmux)', async () => {
    await startGuest('vga');
    const directory = mkdtempSync(join(tmpdir(), 'virtty-tmux-'));
    const tmux = (...args: readonly string[]) =>
      execFileSync('tmux', ['-S', join(directory, 'socket'), '-f', '/dev/null', ...args], {
        encoding: 'utf8',
        env: {...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: ''},
      });
    try {
      tmux('-u', 'new-session', '-d', '-x', '120', '-y', '40', VIRTTY, '-c', instance.root.uri);
      tmux('select-pane', '-T', 'my title');
      const shows = (what: RegExp) => expect.poll(() => tmux('capture-pane', '-p'), {timeout: 15_000}).toMatch(what);
      await shows(/vga\s.*running/);
      tmux('send-keys', 'v');
      await shows(/▀/);
      tmux('send-keys', 't');
      await shows(/type:/);
      expect(tmux('capture-pane', '-p')).not.toMatch(/Gi=|type: \S/);
      expect(tmux('display-message', '-p', '#{pane_title}')).toBe('my title\n');
    } finally {
      tmux('kill-server');
      rmSync(directory, {recursive: true, force: true});
    }
  });
});
