import {expect, test} from 'vitest';
import {type DisplayZoom, panned, ZOOM_STEPS, zoomed} from '../../src/app/display.ts';
import {pictureWindow} from '../../src/ui/picture-window.ts';

/** Each pixel has its column as red and its row as green. */
const GRID = {
  width: 20,
  height: 10,
  rgb: Uint8Array.from({length: 600}, (_, at) => [Math.floor(at / 3) % 20, Math.floor(at / 60), 0][at % 3] ?? 0),
};
const FIRST: DisplayZoom = {pixels: 2, across: 0, down: 0};
const ROOM = {columns: 3, halfRows: 2};

test('zooming in goes by two steps, and out by the same back to the whole', () => {
  const half = zoomed(undefined, 'in');
  expect(half).toEqual(FIRST);
  const full = zoomed(half, 'in');
  expect(full).toEqual({...FIRST, pixels: 1});
  expect(zoomed(full, 'in')).toEqual(full);
  expect(zoomed(full, 'out')).toEqual(half);
  expect(zoomed(half, 'out')).toBeUndefined();
  expect(zoomed(undefined, 'out')).toBeUndefined();
});

test('the place moves between the ends only', () => {
  expect(panned(FIRST, {across: -1, down: 1})).toEqual({...FIRST, down: 1});
  expect(panned({...FIRST, across: ZOOM_STEPS}, {across: 1})).toEqual({...FIRST, across: ZOOM_STEPS});
});

test.each([
  ['the first', FIRST, [0, 0, 0], [5, 3, 0]],
  ['the last', {...FIRST, across: ZOOM_STEPS, down: ZOOM_STEPS}, [14, 6, 0], [19, 9, 0]],
  ['one in the middle', {...FIRST, across: 4, down: 4}, [7, 3, 0], [12, 6, 0]],
])('%s part has as many pixels as the room shows', (_, zoom, first, last) => {
  const part = pictureWindow(GRID, zoom, ROOM);
  expect(part).toMatchObject({width: 6, height: 4});
  expect([...part.rgb.subarray(0, 3)]).toEqual(first);
  expect([...part.rgb.subarray(-3)]).toEqual(last);
});

test('a picture that is smaller than the room is whole', () => {
  expect(pictureWindow(GRID, FIRST, {columns: 100, halfRows: 100})).toEqual(GRID);
});
