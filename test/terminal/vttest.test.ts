import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {setTimeout as pass} from 'node:timers/promises';
import {spawn} from 'node-pty';
import {afterEach, describe, expect, test} from 'vitest';
import {ConsoleTerminal} from '../../src/ui/terminal/console-terminal.ts';
import {makeTempRoot} from '../support/temp-root.ts';
import {FakeStream} from './fake-stream.ts';

const VTTEST = '/usr/bin/vttest';
const TMUX = '/usr/bin/tmux';
const SIZE = {columns: 80, rows: 24};
const DEADLINE_MS = 10_000;
/** Screens that are the same are compared when they have been so for so long, others later: one of both may be slow. */
const STEADY_MS = 200;
const DIFFERS_MS = 1000;

/** A terminal in which vttest runs. */
interface Vttest {
  readonly screen: () => string;
  readonly type: (keys: string) => void;
  readonly close: () => void;
}

const open: Vttest[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const plain = (rows: readonly string[]) =>
  rows
    .map(row => row.trimEnd())
    .join('\n')
    .trimEnd();

/** Ours: the emulator of the console pane, fed by a pty. */
function openOurs(): Vttest {
  const stream = new FakeStream();
  const terminal = new ConsoleTerminal(stream, {...SIZE, depth: 'none'});
  const pty = spawn(VTTEST, ['24x80.80'], {cols: SIZE.columns, rows: SIZE.rows, name: 'xterm', encoding: null});
  pty.onData(data => stream.print(Buffer.from(data)));
  return {
    screen: () => {
      for (const reply of stream.typed.splice(0)) pty.write(reply);
      return plain(terminal.rows().map(row => row.replace(/\x1b\[[\d;]*m/g, '')));
    },
    type: keys => pty.write(keys),
    close: () => {
      pty.kill('SIGKILL');
      terminal.dispose();
    },
  };
}

/** The reference. @param socket  path of the server's own */
function openTmux(socket: string): Vttest {
  const tmux = (...args: readonly string[]) =>
    execFileSync(TMUX, ['-S', socket, '-f', '/dev/null', ...args], {encoding: 'utf8'});
  tmux(
    'new-session',
    '-d',
    '-x',
    String(SIZE.columns),
    '-y',
    String(SIZE.rows),
    `${VTTEST} 24x80.80`,
    ';',
    'set',
    'status',
    'off',
  );
  tmux('resize-window', '-x', String(SIZE.columns), '-y', String(SIZE.rows));
  return {
    screen: () => plain(tmux('capture-pane', '-p').split('\n')),
    type: keys => void tmux('send-keys', '-l', keys),
    close: () => void spawnSync(TMUX, ['-S', socket, 'kill-server']),
  };
}

/** Types into both, and ends when both show the same at rest, or at rest what differs. @returns our screen and the reference's */
async function turn(both: readonly [Vttest, Vttest], keys: string): Promise<readonly [string, string]> {
  const before = both[0].screen();
  for (const one of both) one.type(keys);
  const deadline = performance.now() + DEADLINE_MS;
  for (let last = '', sinceMs = performance.now(); ; await pass(20)) {
    const [ours, theirs] = [both[0].screen(), both[1].screen()];
    if (ours + theirs !== last) [last, sinceMs] = [ours + theirs, performance.now()];
    const restMs = performance.now() - sinceMs;
    if (restMs > (ours === theirs && ours !== before ? STEADY_MS : DIFFERS_MS)) return [ours, theirs];
    if (performance.now() > deadline) throw new Error(`the screens do not come to rest:\n${ours}\n${theirs}`);
  }
}

/** A screen that differs from tmux's, and what it has to show. */
interface Difference {
  readonly why: string;
  readonly ours: RegExp;
}

const AUTOWRAP: Difference = {
  why:
    'DECCOLM clears the screen in tmux and is ignored by xterm.js, as by xterm unless allowed; ' +
    'tmux goes to the next line for a control character after the last column',
  ours: /^I {78}i\n(?:.*\n)+Z {78}z$/m,
};
const ORIGIN: Difference = {
  why: 'tmux shows the two lines the other way round than they say',
  ours: /above the bottom of the screen.*\n.*should be at the bottom of the screen\.$/,
};
const LINE_DRAWING: Difference = {
  why: 'tmux capture-pane prints the letters of line drawing characters',
  ours: /line: {6}─{10}.*\n\n?x'es: .*\n\n?diamonds: {2}◆{10}/,
};

const CHARACTER_SETS: Difference = {
  why: 'tmux has no British characters, and capture-pane prints the letters of line drawing characters',
  ours: /British\)\n *!"£[\s\S]*line drawing\)\n.*\n.*\n *◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£· /,
};

describe.skipIf(!existsSync(VTTEST) || !existsSync(TMUX))('vttest beside tmux (needs vttest and tmux)', () => {
  test.each<readonly [string, string, number, Readonly<Record<number, Difference>>]>([
    ['cursor movements', '1\r', 6, {3: AUTOWRAP, 4: AUTOWRAP}],
    ['screen features', '2\r', 15, {11: ORIGIN, 15: LINE_DRAWING}],
    ['character sets', '3\r', 1, {1: CHARACTER_SETS}],
  ])('%s', {timeout: 120_000}, async (_, key, screens, differences) => {
    const root = await makeTempRoot();
    try {
      const both = [openOurs(), openTmux(root.join('tmux'))] as const;
      open.push(...both);
      await turn(both, '');
      for (let screen = 1; screen <= screens; screen++) {
        const [ours, theirs] = await turn(both, screen === 1 ? key : '\r');
        const difference = differences[screen];
        if (difference) expect(ours, `screen ${screen}; ${difference.why}`).toMatch(difference.ours);
        else expect(ours, `screen ${screen}`).toBe(theirs);
      }
    } finally {
      for (const one of open.splice(0)) one.close();
      await root.remove();
    }
  });
});
