import {renderToString} from 'ink';
import {describe, expect, test} from 'vitest';
import type {ChartSpec} from '../../src/ui/chart/chart-spec.ts';
import {ContribChart} from '../../src/ui/chart/contrib-chart.tsx';
import {Offscreen} from '../../src/ui/chart/offscreen.ts';
import {plainChart} from '../../src/ui/chart/plain-chart.ts';

const size = {columns: 40, rows: 10};
const SGR = /\x1b\[[\d;]*m/g;
const charts: readonly ChartSpec[] = [
  {type: 'line', labels: ['a', 'b', 'c'], series: [{title: 'cpu', values: [1, 50, 20]}]},
  {type: 'sparkline', series: [{title: 'cpu {bold}', values: [1, 5, 2, 8]}]},
  {type: 'gauge', percent: 42},
  {
    type: 'bar',
    bars: [
      {title: 'one', value: 3},
      {title: 'two', value: 1},
    ],
  },
];
const idle: readonly ChartSpec[] = [
  {type: 'line', labels: [], series: []},
  {type: 'line', labels: [], series: [{title: 'x', values: [0, 0, Number.NaN]}]},
  {
    type: 'sparkline',
    series: [
      {title: 'x', values: [0, 0]},
      {title: 'y', values: []},
    ],
  },
  {type: 'gauge', percent: Number.NaN},
  {type: 'bar', bars: []},
];

function draw(spec: ChartSpec): readonly string[] {
  const screen = new Offscreen(size);
  const rows = screen.draw(spec);
  screen.dispose();
  return rows;
}

test.each([...charts, ...idle])('%o is drawn in exactly its size, with SGR only', spec => {
  const rows = draw(spec).map(row => row.replace(SGR, ''));
  expect(rows).toHaveLength(size.rows);
  for (const row of rows) {
    expect(row).not.toMatch(/\p{Cc}/u);
    expect([...row]).toHaveLength(size.columns);
  }
});

describe('what the widgets show', () => {
  test('a line is drawn in braille between axis and labels', () => {
    const text = draw(charts[0]!).join('\n');
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(text.replace(SGR, '')).toContain('40 ');
    expect(draw({type: 'line', labels: [], series: [{title: 'x', values: [1, 2]}]}).join('')).not.toContain('null');
  });

  test('half a percent is not half of the gauge', () => {
    expect(draw({type: 'gauge', percent: 0.5}).join('').replace(SGR, '')).toContain('1%');
    expect(draw({type: 'gauge', percent: 100}).join('').replace(SGR, '')).toContain('100%');
  });

  test('a sparkline shows the newest values, and braces of a title are no markup', () => {
    const values = [...Array.from({length: 100}, () => 0), 9];
    const text = draw({type: 'sparkline', series: [{title: 'a{bold}', values}]})
      .join('\n')
      .replace(SGR, '');
    expect(text).toContain('abold:');
    expect(text).toContain('█');
  });

  test('a screen draws again after other charts', () => {
    const screen = new Offscreen(size);
    const first = screen.draw(charts[2]!);
    screen.draw(charts[0]!);
    expect(screen.draw(charts[2]!)).toEqual(first);
    screen.dispose();
  });
});

test('no listener of the process is added, moved or lost, however many screens come and go', () => {
  const events = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGCONT', 'SIGWINCH', 'exit', 'uncaughtException'];
  const listeners = () => events.map(event => process.rawListeners(event));
  const before = listeners();
  const screens = [new Offscreen(size), new Offscreen(size)];
  for (const screen of screens) screen.draw(charts[0]!);
  expect(listeners()).toEqual(before);
  for (const screen of screens) screen.dispose();
  draw(charts[1]!);
  expect(listeners()).toEqual(before);
});

describe('plain ASCII', () => {
  test.each([...charts, ...idle])('%o is ASCII in exactly its size', spec => {
    const rows = plainChart(spec, size);
    expect(rows).toHaveLength(size.rows);
    for (const row of rows) expect(row).toMatch(/^[ -~]{40}$/);
  });

  test('shares, bars and levels', () => {
    expect(plainChart({type: 'gauge', percent: 50}, {columns: 17, rows: 1})).toEqual(['[#####.....]  50%']);
    expect(plainChart(charts[3]!, {columns: 12, rows: 2})).toEqual(['one 3 ######', 'two 1 ##    ']);
    expect(plainChart(charts[1]!, {columns: 12, rows: 2})[1]).toBe('.=:#        ');
  });
});

describe('in Ink', () => {
  test('a chart is drawn in colours, or without', () => {
    const colours = renderToString(<ContribChart spec={charts[0]!} {...size} colour={true} utf8={true} />);
    expect(colours).toMatch(SGR);
    const plain = renderToString(<ContribChart spec={charts[0]!} {...size} colour={false} utf8={true} />);
    expect(plain).not.toMatch(SGR);
    expect(plain).toMatch(/[\u2801-\u28ff]/);
  });

  test('without colours a gauge is filled with characters', () => {
    expect(renderToString(<ContribChart spec={charts[2]!} {...size} colour={false} utf8={true} />)).toContain('###');
  });

  test('without UTF-8 everything is ASCII', () => {
    for (const spec of charts) {
      expect(renderToString(<ContribChart spec={spec} {...size} colour={false} utf8={false} />)).toMatch(/^[ -~\n]+$/);
    }
  });
});
