import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {ConsoleTerminal} from '../../src/ui/terminal/console-terminal.ts';
import {HOSTILE_PIECES, QUERIES} from '../guests/hostile-stream.ts';
import {FakeStream} from './fake-stream.ts';

const SIZE = {columns: 24, rows: 5};
const SGR = /\x1b\[[\d;]*m/g;
/** Controls, directions, joiners, what has no character: everything that is not drawn. */
const NOT_DRAWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** Prints pieces, waiting where the emulator asks for it, until all is on the screen. */
async function rowsOf(pieces: readonly Uint8Array[]): Promise<readonly string[]> {
  const stream = new FakeStream();
  const terminal = new ConsoleTerminal(stream, {...SIZE, clock: {nowMs: () => 0, schedule: () => ({dispose() {}})}});
  try {
    for (const piece of pieces) {
      await stream.flowing();
      stream.print(piece);
    }
    while (terminal.pendingBytes > 0) await new Promise(setImmediate);
    return [...terminal.rows(true)];
  } finally {
    terminal.dispose();
  }
}

function expectRows(rows: readonly string[]): void {
  expect(rows).toHaveLength(SIZE.rows);
  for (const row of rows) {
    const text = row.replace(SGR, '');
    expect(text).not.toMatch(NOT_DRAWN);
    expect(stringWidth(text)).toBe(SIZE.columns);
  }
}

test('whatever a guest prints, its rows are text and attributes, as wide as the screen', {
  timeout: 60_000,
}, async () => {
  const hostile = [...HOSTILE_PIECES, ...QUERIES].map(({bytes}) => bytes).filter(bytes => bytes.length < 1000);
  const part = fc.oneof(
    fc.uint8Array({maxLength: 40}),
    fc.constantFrom(...hostile),
    fc.string({unit: 'binary', maxLength: 20}).map(text => Buffer.from(text)),
    fc.string({maxLength: 12}).map(text => Buffer.from(`\x1b[${text}`)),
  );
  const cuts = fc.array(fc.nat(60), {maxLength: 6});
  await fc.assert(
    fc.asyncProperty(fc.array(part, {maxLength: 12}), cuts, async (parts, lengths) => {
      const pieces: Uint8Array[] = [];
      let rest: Uint8Array = Buffer.concat(parts);
      for (const length of lengths) {
        pieces.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      expectRows(await rowsOf([...pieces, rest]));
    }),
    {seed: 20090914, numRuns: 300, interruptAfterTimeLimit: 40_000},
  );
});

test.each([...HOSTILE_PIECES, ...QUERIES])(
  '$name: cut after each byte, its rows are text and attributes',
  async ({bytes}) => {
    expectRows(await rowsOf(Array.from(bytes.subarray(0, 2000), byte => Uint8Array.of(byte))));
  },
);
