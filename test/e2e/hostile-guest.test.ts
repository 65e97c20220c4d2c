import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {HOSTILE_PIECES, MARK, QUERIES} from '../guests/hostile-stream.ts';
import {hasQemu, Instance} from './instance.ts';
import {PretendedLine} from './pretended-line.ts';

let instance: Instance;
let line: PretendedLine;
beforeEach(async () => {
  instance = await Instance.make();
});
afterEach(async () => {
  line?.close();
  await instance.dispose();
});

/** Sequences of a terminal in what a program wrote, and controls that stand alone, each once; UTF-8 is decoded. */
function controlsIn(raw: string): readonly string[] {
  // CSI; OSC, DCS, SOS, PM, APC to their end; ESC with what follows; other controls.
  const pattern =
    /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][\s\S]*?(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]?|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
  return [...new Set(raw.match(pattern))];
}

/** What draws text: attributes, the cursor's place, erasing, synchronised frames. */
const DRAWS = /^\x1b\[(?:[\d;:]*m|\d*[A-HJKXd]|\d+;\d+H|\?2026[hl]|\?25[hl])$/;

describe.skipIf(!hasQemu)('a hostile guest in the console pane (needs qemu-system-x86_64)', () => {
  beforeEach(() => {
    instance.define('sector');
    instance.do('start', 'sector');
    line = PretendedLine.replace(instance, 'sector');
  });

  test('nothing of its sequences reaches the terminal, and its questions are answered to it, while it lives', async () => {
    for (const {bytes} of [...HOSTILE_PIECES, ...QUERIES]) line.print(bytes);
    line.print('\x1b\\\x18\r\nlong ago\r\n');
    const terminal = instance.open([], {columns: 100, rows: 30});
    await terminal.see(/sector\s.*running/);
    terminal.type('c');
    await terminal.see('long ago');
    expect(line.typed, 'answers to questions of the past').toBe('');

    for (const [at, {name, bytes}] of [...HOSTILE_PIECES, ...QUERIES].entries()) {
      const before = terminal.raw().length;
      // Cut anywhere: the beginning is drawn before the rest is there.
      const cut = Math.ceil(bytes.length / 2);
      line.print(bytes.subarray(0, cut));
      line.print(bytes.subarray(cut));
      line.print(`\x1b\\\x18\x1bc\x1b[?1047l\r\nafter ${at}.\r\n`);
      await terminal.see(`after ${at}.`);
      const written = terminal.raw().slice(before);
      expect(
        controlsIn(written).filter(control => !DRAWS.test(control)),
        name,
      ).toEqual([]);
      expect(written, name).not.toContain(MARK);
    }
    for (const {name, answer} of QUERIES) expect(line.typed, name).toMatch(answer);
    terminal.press('Ctrl-]');
    terminal.type('q');
    await terminal.exited;
    expect(await terminal.leftovers()).toEqual([]);
  });
});
