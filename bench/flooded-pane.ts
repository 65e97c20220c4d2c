import {BenchLine} from './bench-line.ts';
import {type FigureGroup, median} from './figure.ts';
import {GUEST} from './lab.ts';
import {ScreenSession} from './screen-session.ts';

const BYTES_PER_SECOND = 10_000_000;
const LETTERS = [...'qazwsxedcrfvtgbyhnujmik'];
const LINE = `${'the quick brown fox jumps over the lazy dog '.repeat(2).slice(0, 78)}\r\n`;
const FLOOD = Buffer.from(LINE.repeat(13_000));
/** The first row is left alone by what scrolls below it. */
const BEGIN = '\x1b[2J\x1b[2r\x1b[2;1H';

/** The console pane while a guest prints 10 MB/s: keys come through, and memory stays. */
export const floodedPane: FigureGroup = {
  figures: [
    {id: 'flood-echo', title: 'key to echo in a pane flooded at 10 MB/s', unit: 'ms', target: 50},
    {id: 'flood-memory', title: 'memory of the screen meanwhile', unit: 'MB', target: 150},
  ],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  async measure(lab) {
    const line = await BenchLine.open(lab);
    let typed = '';
    line.onTyped = bytes => {
      typed += bytes.toString('latin1');
    };
    const screen = new ScreenSession(lab.command());
    try {
      await screen.waitFor('list of domains', text => text.includes(GUEST));
      line.print(Buffer.from(BEGIN));
      screen.type('c');
      await screen.waitFor('the console', text => text.includes('leaves'));
      // As a status line is: it stands in what is left out, too, and comes again.
      line.flood(BYTES_PER_SECOND, bytes =>
        Buffer.concat([
          Buffer.from(`\x1b7\x1b[1;1Htyped: ${typed}.\x1b8`),
          FLOOD.subarray(0, Math.min(bytes, FLOOD.length)),
        ]),
      );
      await screen.waitFor('the flood', text => text.includes('quick brown'));
      const times: number[] = [];
      for (const [index, letter] of LETTERS.entries()) {
        const start = performance.now();
        screen.type(letter);
        const wanted = `typed: ${LETTERS.slice(0, index + 1).join('')}.`;
        times.push((await screen.waitFor(`echo of '${letter}'`, text => text.includes(wanted))) - start);
      }
      const memory = screen.residentKiB() / 1024;
      const worst = Math.max(...times);
      return [
        {value: median(times), detail: `of ${times.length} keys, the slowest ${worst.toFixed(1)} ms`},
        {value: memory, detail: 'resident, after all keys'},
      ];
    } finally {
      line.stopFlood();
      await screen.close();
      await line.close(lab);
    }
  },
};
