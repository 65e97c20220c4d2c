import {expect, test} from 'vitest';
import {disposable} from '../../src/base/disposable.ts';
import {type FrameClock, FrameLimit} from '../../src/ui/terminal/frame-limit.ts';

/** A clock that stands until a test moves it. */
class ManualClock implements FrameClock {
  #nowMs = 0;
  #due: {readonly run: () => void; readonly atMs: number} | undefined;

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(run: () => void, delayMs: number) {
    this.#due = {run, atMs: this.#nowMs + delayMs};
    return disposable(() => {
      this.#due = undefined;
    });
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#due;
    if (!due || due.atMs > this.#nowMs) return;
    this.#due = undefined;
    due.run();
  }
}

function limit() {
  const clock = new ManualClock();
  let frames = 0;
  const frameLimit = new FrameLimit(() => (frames += 1), {lightMs: 8, heavyMs: 33}, clock);
  return {clock, frameLimit, frames: () => frames};
}

test('the first change is a frame at once', () => {
  const {frameLimit, frames} = limit();
  frameLimit.touch('heavy');
  expect(frames()).toBe(1);
});

test('a little change after a frame waits a moment, many make one frame', () => {
  const {clock, frameLimit, frames} = limit();
  frameLimit.touch('light');
  for (let index = 0; index < 5; index++) frameLimit.touch('light');
  clock.advance(7);
  expect(frames()).toBe(1);
  clock.advance(1);
  expect(frames()).toBe(2);
});

test('a flood is drawn thirty times per second', () => {
  const {clock, frameLimit, frames} = limit();
  for (let ms = 0; ms < 1000; ms++) {
    frameLimit.touch('heavy');
    clock.advance(1);
  }
  expect(frames()).toBe(31);
});

test('nothing is drawn after the end', () => {
  const {clock, frameLimit, frames} = limit();
  frameLimit.touch('light');
  frameLimit.touch('light');
  frameLimit.dispose();
  clock.advance(100);
  expect(frames()).toBe(1);
});
