import {afterEach, describe, expect, test} from 'vitest';
import {ConsoleTerminal, type TerminalSize} from '../../src/ui/terminal/console-terminal.ts';
import {FakeStream} from './fake-stream.ts';

const open: ConsoleTerminal[] = [];
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.dispose();
});

/** A terminal on which all that was printed is parsed. */
async function show(text: string, size: TerminalSize = {columns: 20, rows: 4}): Promise<ConsoleTerminal> {
  const stream = new FakeStream();
  const terminal = new ConsoleTerminal(stream, size);
  open.push(terminal);
  for (let at = 0; at < text.length; at += 100_000) {
    await stream.flowing();
    stream.print(text.slice(at, at + 100_000));
  }
  const {promise, resolve} = Promise.withResolvers<void>();
  const look = () => terminal.pendingBytes === 0 && resolve();
  const subscription = terminal.onChange(look);
  look();
  await promise;
  subscription.dispose();
  return terminal;
}

const numbered = (count: number) => Array.from({length: count}, (_, at) => `line ${at + 1}`).join('\r\n');
/** The rows with the marks of a search in brackets, the current one in double ones; nothing else is coloured here. */
const marked = (terminal: ConsoleTerminal) =>
  terminal.rows().map(row =>
    row
      .replace(/\x1b\[1;30;43m(.*?)\x1b\[0m/g, '[[$1]]')
      .replace(/\x1b\[30;46m(.*?)\x1b\[0m/g, '[$1]')
      .trimEnd(),
  );

describe('the search in what a console has kept', () => {
  test('begins at the newest match, in any case, and marks every one', async () => {
    const terminal = await show('a Panic\r\nnothing\r\npanic: PANIC');
    terminal.search('panic');
    expect(terminal.found).toEqual({text: 'panic', at: 3, count: 3});
    expect(marked(terminal)).toEqual(['a [Panic]', 'nothing', '[panic]: [[PANIC]]', '']);
  });

  test('brings a match that is far back into the middle, and stays there', async () => {
    const terminal = await show(numbered(50), {columns: 20, rows: 5});
    terminal.search('line 20');
    expect(marked(terminal)).toEqual(['line 18', 'line 19', '[[line 20]]', 'line 21', 'line 22']);
    expect(terminal.scrollOffset).toBe(50 - 22);
  });

  test('goes to the next and the one before, and from an end to the other', async () => {
    const terminal = await show('one x\r\ntwo x x\r\nthree x');
    terminal.search('x');
    const places = [terminal.found?.at];
    for (const step of [-1, -1, -1, -1, 1, 1] as const) {
      terminal.stepSearch(step);
      places.push(terminal.found?.at);
    }
    expect(places).toEqual([4, 3, 2, 1, 4, 1, 2]);
    expect(marked(terminal)[1]).toBe('two [[x]] [x]');
  });

  test('finds a text that goes on in the next row, and counts wide characters', async () => {
    const terminal = await show('日本 abcdefgh', {columns: 10, rows: 3});
    terminal.search('efgh');
    expect(marked(terminal)).toEqual(['日本 abcd[[e]]', '[[fgh]]', '']);
  });

  test('takes a text as it is, not as a pattern', async () => {
    const terminal = await show('[    0.1] a.b (c) axb');
    terminal.search('a.b (c)');
    expect(terminal.found?.count).toBe(1);
    terminal.search('[    0');
    expect(terminal.found?.count).toBe(1);
  });

  test('says that nothing was found, and leaves the view', async () => {
    const terminal = await show(numbered(50));
    terminal.search('absent');
    expect(terminal.found).toEqual({text: 'absent', at: 0, count: 0});
    expect(terminal.scrollOffset).toBe(0);
    terminal.search('');
    expect(terminal.found).toBeUndefined();
  });

  test('looks through 10,000 lines in 50 ms', async () => {
    const line = 'kernel: usb 1-1: new high-speed USB device, using xhci_hcd, of many words to fill the line';
    const text = Array.from({length: 10_040}, (_, at) => `[${at}.000000] ${line} ${at % 100}\r\n`).join('');
    const terminal = await show(text, {columns: 120, rows: 40});
    // The processor's time of this thread: what else runs on the machine does not count.
    const used = () => {
      const {user, system} = process.threadCpuUsage();
      return (user + system) / 1000;
    };
    const times = ['words to fill the line 77', 'xhci', 'line 42'].map(wanted => {
      terminal.search('');
      const before = used();
      terminal.search(wanted);
      expect(terminal.found?.count).toBeGreaterThanOrEqual(100);
      return used() - before;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

describe('the text of a console', () => {
  test('is what is shown, or all that was kept; a line that took several rows is one', async () => {
    const terminal = await show(`${numbered(6)}\r\nlonger than a row\x1b[31m of ten\r\n`, {columns: 10, rows: 5});
    expect(terminal.viewText).toBe('line 6\nlonger than a row of ten\n');
    expect(terminal.historyText).toBe(`${numbered(6).replaceAll('\r', '')}\nlonger than a row of ten\n`);
  });
});
