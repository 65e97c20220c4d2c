import {afterEach, describe, expect, test} from 'vitest';
import {ConsoleTerminal, type ConsoleTerminalOptions} from '../../src/ui/terminal/console-terminal.ts';
import {PAUSE_ABOVE_BYTES} from '../../src/ui/terminal/stream-feed.ts';
import {FakeStream} from './fake-stream.ts';
import {ManualClock} from './manual-clock.ts';

const SGR = /\x1b\[[\d;]*m/g;
const open: ConsoleTerminal[] = [];

function openTerminal(options: Partial<ConsoleTerminalOptions> = {}) {
  const stream = new FakeStream();
  const terminal = new ConsoleTerminal(stream, {columns: 20, rows: 4, ...options});
  open.push(terminal);
  return {stream, terminal};
}

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.dispose();
});

/** Ends with the change after which the condition holds; the test's own time limit is the deadline. */
async function until(terminal: ConsoleTerminal, condition: () => boolean): Promise<void> {
  if (condition()) return;
  const {promise, resolve} = Promise.withResolvers<void>();
  const subscription = terminal.onChange(() => condition() && resolve());
  await promise;
  subscription.dispose();
}

/** Ends when everything that the guest printed is on the screen. */
function settled(terminal: ConsoleTerminal): Promise<void> {
  return until(terminal, () => terminal.pendingBytes === 0);
}

const plain = (terminal: ConsoleTerminal) => terminal.rows().map(row => row.replace(SGR, '').trimEnd());

describe('what reaches the screen', () => {
  test('nothing but text and SGR comes out of a hostile stream', async () => {
    const {stream, terminal} = openTerminal({columns: 30});
    stream.print('\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x1bP$q"p\x1b\\\x1b[21t\x1b[?1049h\x1b[?1003h\x1b[?2004h');
    stream.print(
      '\x07\x1b[5i\x1b^pm\x1b\\\x1b_apc\x1b\\\x9b31m\x1b[31mred\x1b[0m\u202e\u2066\u200b ok\x1b]8;;http://x\x07link',
    );
    await settled(terminal);
    const rows = terminal.rows(true);
    for (const row of rows) expect(row.replace(SGR, '')).toMatch(/^[ -~\ufffd]{30}$/);
    expect(plain(terminal).join('')).toContain('red');
  });

  test('rows are exactly as wide as the terminal, wide characters included', async () => {
    const {stream, terminal} = openTerminal({columns: 5, rows: 4});
    stream.print('日本語\r\nab日本');
    await settled(terminal);
    expect(terminal.rows()).toEqual(['日本 ', '語   ', 'ab日 ', '本   ']);
  });

  test('an emoji that the emulator takes for narrow does not shift its row', async () => {
    const {stream, terminal} = openTerminal({columns: 4, rows: 1});
    stream.print('a\u{1f600}b');
    await settled(terminal);
    expect(terminal.rows()).toEqual(['a\ufffdb ']);
  });

  test('accents stay on their letter, a pile of them does not', async () => {
    const {stream, terminal} = openTerminal({columns: 3, rows: 1});
    stream.print(`e\u0301a${'\u0301'.repeat(1000)}`);
    await settled(terminal);
    expect(terminal.rows()).toEqual([`e\u0301a${'\u0301'.repeat(5)} `]);
  });

  test('a character split between chunks is one character', async () => {
    const {stream, terminal} = openTerminal({columns: 6, rows: 1});
    for (const byte of new TextEncoder().encode('ä€日!')) stream.print(Uint8Array.of(byte));
    await settled(terminal);
    expect(terminal.rows()).toEqual(['ä€日! ']);
  });

  test('the cursor is an inverse cell when asked for, unless the guest hides it', async () => {
    const {stream, terminal} = openTerminal({columns: 4, rows: 1});
    stream.print('ab');
    await settled(terminal);
    expect(terminal.rows(true)).toEqual(['ab\x1b[7m \x1b[0m ']);
    expect(terminal.rows(false)).toEqual(['ab  ']);
    stream.print('\x1b[?25l');
    await settled(terminal);
    expect(terminal.rows(true)).toEqual(['ab  ']);
    stream.print('\x1b[?25h');
    await settled(terminal);
    expect(terminal.rows(true)).toEqual(['ab\x1b[7m \x1b[0m ']);
  });

  test.each([
    ['none', 'x\x1b[1my\x1b[0mz'],
    ['16', '\x1b[31mx\x1b[0m\x1b[1;91my\x1b[0m\x1b[44mz\x1b[0m'],
    ['256', '\x1b[31mx\x1b[0m\x1b[1;38;5;196my\x1b[0m\x1b[48;5;20mz\x1b[0m'],
    ['rgb', '\x1b[31mx\x1b[0m\x1b[1;38;5;196my\x1b[0m\x1b[48;2;0;0;205mz\x1b[0m'],
  ] as const)('colours are brought down to depth %s', async (depth, row) => {
    const {stream, terminal} = openTerminal({columns: 3, rows: 1, depth});
    stream.print('\x1b[31mx\x1b[1;38;5;196my\x1b[0;48;2;0;0;205mz');
    await settled(terminal);
    expect(terminal.rows()).toEqual([row]);
  });
});

describe('what reaches the guest', () => {
  test('a live query is answered, the same one in the history is not', async () => {
    const {stream, terminal} = openTerminal();
    stream.print('old\x1b[6n\x1b[c\x1b[5n', true);
    await settled(terminal);
    expect(stream.typed).toEqual([]);
    stream.print('\x1b[6n');
    await settled(terminal);
    expect(stream.typed).toEqual(['\x1b[1;4R']);
  });

  test('answers to a flood of queries are bounded', async () => {
    const {stream, terminal} = openTerminal({clock: new ManualClock()});
    stream.print('\x1b[5n'.repeat(1000));
    await settled(terminal);
    expect(stream.typed.join('')).toHaveLength(1024);
  });

  test('nothing is answered when the guest is off', async () => {
    const {stream, terminal} = openTerminal();
    stream.print('\x1b[6n');
    stream.turn({is: 'ended'});
    await settled(terminal);
    expect(stream.typed).toEqual([]);
  });

  test('keys go through as they are; arrows follow the mode of the guest', async () => {
    const {stream, terminal} = openTerminal();
    terminal.type('ls\r\x1b[A\x03');
    stream.print('\x1b[?1h');
    await settled(terminal);
    terminal.type('\x1b[A\x1b[5~\x1b[F');
    expect(stream.typed).toEqual(['ls\r\x1b[A\x03', '\x1bOA\x1b[5~\x1bOF']);
  });

  test('typing into a guest that is off is refused', () => {
    const {stream, terminal} = openTerminal();
    stream.turn({is: 'ended'});
    expect(() => terminal.type('x')).toThrow('the guest is off');
  });
});

describe('flow and frames', () => {
  test('a flood of 5 MB pauses the stream and keeps what is pending bounded', async () => {
    const {stream, terminal} = openTerminal({columns: 80, rows: 24});
    const chunk = new Uint8Array(16 * 1024).fill(0x61);
    let highest = 0;
    for (let sent = 0; sent < 5_000_000; sent += chunk.length) {
      await stream.flowing();
      stream.print(chunk);
      highest = Math.max(highest, terminal.pendingBytes);
    }
    await settled(terminal);
    expect(stream.pauses).toBeGreaterThan(2);
    expect(highest).toBeLessThanOrEqual(PAUSE_ABOVE_BYTES + chunk.length);
    expect(stream.paused).toBe(false);
  });

  test('frames come at most 30 times a second, and none when nothing was written', async () => {
    const clock = new ManualClock();
    const {stream, terminal} = openTerminal({clock});
    let frames = 0;
    terminal.onChange(() => {
      frames += 1;
    });
    stream.print('first');
    await settled(terminal);
    expect(frames).toBe(1);
    stream.print('second');
    await clock.waiting();
    expect(frames).toBe(1);
    clock.advance(34);
    expect(frames).toBe(2);
    clock.advance(5000);
    expect(frames).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });

  test('rows are the same array until something changes', async () => {
    const {stream, terminal} = openTerminal();
    stream.print('x');
    await settled(terminal);
    const before = terminal.rows();
    expect(terminal.rows()).toBe(before);
    terminal.resize({columns: 10, rows: 4});
    expect(terminal.rows()).not.toBe(before);
    expect(terminal.rows()[0]).toBe('x         ');
  });

  test('a view in the history stays where it is while the guest writes', async () => {
    const {stream, terminal} = openTerminal({rows: 2});
    stream.print('1\r\n2\r\n3\r\n4');
    await settled(terminal);
    terminal.scroll(-2);
    expect([terminal.scrollOffset, ...plain(terminal)]).toEqual([2, '1', '2']);
    stream.print('\r\n5');
    await settled(terminal);
    expect([terminal.scrollOffset, ...plain(terminal)]).toEqual([3, '1', '2']);
    terminal.followOutput();
    expect([terminal.scrollOffset, ...plain(terminal)]).toEqual([0, '4', '5']);
  });

  test('a guest that starts again does not inherit the modes of the last boot', async () => {
    const {stream, terminal} = openTerminal({rows: 2});
    stream.print('before\x1b[?1049h\x1b[?25lmenu\x1b]0;never closed');
    await settled(terminal);
    stream.turn({is: 'ended'});
    expect(terminal.status).toEqual({is: 'ended'});
    stream.turn({is: 'live'});
    stream.print('\r\nagain');
    await settled(terminal);
    expect(plain(terminal)).toEqual(['before', 'again']);
    expect(terminal.rows(true)[1]).toContain('\x1b[7m');
  });

  test('disposing it disposes the stream', () => {
    const {stream, terminal} = openTerminal();
    terminal.dispose();
    expect(stream.disposed).toBe(true);
  });
});
