import {renderToString} from 'ink';
import {expect, test} from 'vitest';
import {ConsoleTerminal} from '../../src/ui/terminal/console-terminal.ts';
import {TerminalPane} from '../../src/ui/terminal/terminal-pane.tsx';
import {FakeStream} from './fake-stream.ts';

async function terminalShowing(text: string): Promise<ConsoleTerminal> {
  const stream = new FakeStream();
  const terminal = new ConsoleTerminal(stream, {columns: 12, rows: 2});
  const {promise, resolve} = Promise.withResolvers<void>();
  const subscription = terminal.onChange(resolve);
  stream.print(text);
  await promise;
  subscription.dispose();
  return terminal;
}

test('Ink draws the rows with their attributes and the cursor', async () => {
  const terminal = await terminalShowing('a\x1b[1;31mb\x1b[0mc\r\n\x1b[4mx\x1b[0m');
  const frame = renderToString(
    <TerminalPane terminal={terminal} columns={12} rows={2} focused={true} finish={row => row} />,
    {
      columns: 12,
    },
  );
  expect(frame).toBe('a\x1b[1m\x1b[31mb\x1b[39m\x1b[22mc\n\x1b[4mx\x1b[24m\x1b[7m \x1b[27m');
  terminal.dispose();
});

test('the pane gives the terminal its size', async () => {
  const terminal = await terminalShowing('abc');
  renderToString(<TerminalPane terminal={terminal} columns={30} rows={5} focused={false} finish={row => row} />, {
    columns: 30,
  });
  expect(terminal.size).toEqual({columns: 30, rows: 5});
  terminal.dispose();
});
