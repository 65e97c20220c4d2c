import {afterEach, expect, test} from 'vitest';
import {keySequence} from './keys.ts';
import {type TerminalOptions, TestTerminal} from './terminal.ts';

const open: TestTerminal[] = [];
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.dispose();
});

function run(script: string, options?: TerminalOptions): TestTerminal {
  const terminal = new TestTerminal('/bin/sh', ['-c', script], {columns: 40, rows: 5, ...options});
  open.push(terminal);
  return terminal;
}

test('the screen shows what the program draws, and the program gets the keys', async () => {
  const terminal = run('printf "name? "; read name; printf "\\033[2Jhello %s\\n" "$name"; exit 3');
  await terminal.see('name?');
  terminal.type('you');
  terminal.press('Enter');
  await terminal.see(/hello you$/);
  await terminal.notSee('name?');
  expect(await terminal.exited).toBe(3);
  expect(terminal.bytesWritten).toBe(Buffer.byteLength(terminal.raw()));
  expect(await terminal.leftovers()).toEqual([]);
});

test('a program that leaves modes behind is told on', async () => {
  const terminal = run('printf "\\033[?1049h\\033[?25l\\033[?1000h\\033[?2004h"; stty raw -echo');
  const leftovers = await terminal.leftovers();
  expect(leftovers.slice(0, 4)).toEqual([
    'the alternate screen is on',
    'the cursor is hidden',
    'the mouse is reported',
    'bracketed paste is on',
  ]);
  expect(leftovers[4]).toMatch(/^the terminal's modes were/);
});

test('waiting fails with the screen, at the deadline and when the program is over', async () => {
  const terminal = run('echo here; read line');
  await expect(terminal.see('there', 50)).rejects.toThrow(/waited 50 ms to see there; the screen:\n-+\nhere/);
  terminal.press('Enter');
  await expect(terminal.see('there')).rejects.toThrow('but the program ended with 0');
});

test('a signal reaches the program, its status is told as a shell does', async () => {
  const terminal = run('echo up; exec sleep 60');
  await terminal.see('up');
  expect(terminal.processes()).toHaveLength(1);
  terminal.signal('SIGTERM');
  expect(await terminal.exited).toBe(143);
});

test('hanging up ends the program', async () => {
  const terminal = run('echo up; exec sleep 60');
  await terminal.see('up');
  terminal.hangUp();
  expect(await terminal.exited).toBe(129);
});

test('keys with Ctrl are control characters', () => {
  expect(keySequence('Ctrl-]')).toBe('\x1d');
  expect(keySequence('Ctrl-c')).toBe('\x03');
  expect(() => keySequence('Ctrl-1')).toThrow("no key 'Ctrl-1'");
});
