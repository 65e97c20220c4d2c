import xterm from '@xterm/headless';
import {expect, test} from 'vitest';
import {RESET_TERMINAL} from '../../src/cli/console/terminal-guard.ts';

test('whatever a guest did to the terminal is put back: modes, screens, margins, character set', async () => {
  const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true});
  const write = (text: string) => new Promise<void>(resolve => terminal.write(text, resolve));
  const fresh = {...terminal.modes};
  await write('before\r\n');
  const hostile =
    '\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?1h\x1b=\x1b[4h\x1b[?6h\x1b[5;10r\x1b[?7l\x1b[?25l\x1b(0\x1b[7m\x1b[?1049h';
  await write(`${hostile}full screen`);
  expect(terminal.modes).not.toEqual(fresh);
  await write(`${RESET_TERMINAL}\r\n`);
  expect(terminal.modes).toEqual(fresh);
  expect(terminal.buffer.active.type).toBe('normal');
  await write('lqk\r\n'.repeat(40));
  const lines = Array.from({length: 24}, (_, row) => {
    const {active} = terminal.buffer;
    return active.getLine(active.baseY + row)?.translateToString(true);
  });
  expect(lines).toEqual([...Array.from({length: 23}, () => 'lqk'), '']);
  expect(terminal.buffer.active.getLine(terminal.buffer.active.baseY)?.getCell(0)?.isInverse()).toBe(0);
  terminal.dispose();
});
