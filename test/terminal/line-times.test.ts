import {afterEach, describe, expect, test} from 'vitest';
import type {OutputTime} from '../../src/model/output-time.ts';
import {ConsoleTerminal} from '../../src/ui/terminal/console-terminal.ts';
import {FakeStream} from './fake-stream.ts';

const moment = (clock: string): OutputTime => ({is: 'at', ms: new Date(`2026-11-25T${clock}`).getTime()});
const before = (clock: string): OutputTime => ({...moment(clock), is: 'before'});

describe('times in front of lines', () => {
  const stream = () => new FakeStream();
  let terminal: ConsoleTerminal | undefined;
  afterEach(() => terminal?.dispose());

  const open = (source: FakeStream) => {
    terminal = new ConsoleTerminal(source, {columns: 30, rows: 6});
    terminal.toggleTimes();
    return terminal;
  };
  /** Without attributes; once everything is parsed. */
  const shown = async (from: ConsoleTerminal) => {
    while (from.pendingBytes > 0) await new Promise(resolve => setImmediate(resolve));
    return from.rows().map(row => row.replace(/\x1b\[[\d;]*m/g, '').trimEnd());
  };

  test('a line has the time of its first byte', async () => {
    const source = stream();
    const pane = open(source);
    source.print('old\r\nbegun ', true, before('14:00:00'));
    source.print('and ended\r\n', false, moment('14:03:07'));
    source.print('next\r\n', false, moment('14:03:09'));
    expect(await shown(pane)).toEqual([
      '<14:00:00 old',
      '<14:00:00 begun and ended',
      ' 14:03:09 next',
      ' 14:03:09',
      '',
      '',
    ]);
  });

  test('a line in several rows has it once, in any width, and after rows have left the history', async () => {
    const source = stream();
    const pane = open(source);
    source.print('x\r\n'.repeat(10_010), true, before('13:00:00'));
    source.print(`${'w'.repeat(25)}\r\n`, false, moment('14:00:00'));
    source.print('end', false, moment('14:00:02'));
    const wide = [
      '<13:00:00 x',
      '<13:00:00 x',
      '<13:00:00 x',
      ` 14:00:00 ${'w'.repeat(20)}`,
      '          wwwww',
      ' 14:00:02 end',
    ];
    expect(await shown(pane)).toEqual(wide);
    pane.resize({columns: 22, rows: 6});
    expect((await shown(pane)).slice(2)).toEqual([
      ` 14:00:00 ${'w'.repeat(12)}`,
      `          ${'w'.repeat(12)}`,
      '          w',
      ' 14:00:02 end',
    ]);
    pane.resize({columns: 30, rows: 6});
    expect(await shown(pane)).toEqual(wide);
  });

  test('go away again, and leave the width to the text', async () => {
    const source = stream();
    const pane = open(source);
    expect(pane.size.columns).toBe(20);
    pane.toggleTimes();
    expect(pane.size.columns).toBe(30);
    source.print('a', false, moment('14:00:00'));
    expect((await shown(pane))[0]).toBe('a');
  });

  test('what was dropped is a line, whatever sequence was cut', async () => {
    const source = stream();
    terminal = new ConsoleTerminal(source, {columns: 40, rows: 6});
    source.print('abc\x1b]0;half a ti');
    source.drop(12_897_485, 'def');
    expect(await shown(terminal)).toEqual(['abc', '… 12 MiB dropped here …', 'def', '', '', '']);
  });
});
