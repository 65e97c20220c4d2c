import {appendFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Disposable} from '../../src/base/disposable.ts';
import {Burst} from '../../src/host/burst.ts';
import {watchGrowth} from '../../src/host/watch-growth.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

let root: TempRoot;
let log: string;
let watch: Disposable | undefined;
beforeEach(async () => {
  root = await makeTempRoot();
  log = root.join('line.log');
  writeFileSync(log, '');
});
afterEach(async () => {
  watch?.dispose();
  await root.remove();
});

/** Ends when the condition holds after a sign; the test's own time limit is the deadline. */
function watcher() {
  let check = () => {};
  const seen = {signs: 0, sizeBytes: 0};
  watch = watchGrowth(log, () => {
    seen.signs += 1;
    seen.sizeBytes = statSync(log, {throwIfNoEntry: false})?.size ?? -1;
    check();
  });
  const until = (condition: () => boolean) =>
    new Promise<void>(resolve => {
      check = () => condition() && resolve();
      check();
    });
  return {seen, until};
}

test('single bytes are told as they come', async () => {
  const {seen, until} = watcher();
  for (let bytes = 1; bytes <= 10; bytes++) {
    appendFileSync(log, 'x');
    await until(() => seen.sizeBytes === bytes);
  }
});

test('a flood of single bytes costs few looks, its last byte is seen, and afterwards single ones are told again', async () => {
  const {seen, until} = watcher();
  for (let bytes = 1; bytes <= 5000; bytes++) {
    appendFileSync(log, 'x');
    await turn();
  }
  await until(() => seen.sizeBytes === 5000);
  expect(seen.signs).toBeLessThan(1000);
  appendFileSync(log, 'y');
  await until(() => seen.sizeBytes === 5001);
});

test('a file that goes away in a flood is told', async () => {
  const {seen, until} = watcher();
  for (let bytes = 1; bytes <= 1000; bytes++) {
    appendFileSync(log, 'x');
    await turn();
  }
  rmSync(log);
  await until(() => seen.sizeBytes === -1);
});

test('what a person types is no flood', () => {
  const burst = new Burst();
  for (let ms = 0; ms < 1000; ms += 2) expect(burst.isFlood(ms)).toBe(false);
  const fast = Array.from({length: 16}, () => burst.isFlood(2000));
  expect(fast.at(-1)).toBe(true);
});
