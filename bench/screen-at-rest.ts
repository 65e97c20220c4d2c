import {setTimeout as pass} from 'node:timers/promises';
import type {FigureGroup, Reading} from './figure.ts';
import {GUEST, type Lab} from './lab.ts';
import {ScreenSession} from './screen-session.ts';

/** What an open screen costs while nobody does anything, and what the smallest change costs. */
export const screenAtRest: FigureGroup = {
  figures: [
    {id: 'idle-bytes', title: 'written while nothing changes', unit: 'B/s', target: 0},
    {id: 'idle-cpu', title: 'processor time while nothing changes', unit: '%', target: 0.2},
    {id: 'five-cells', title: 'written when five cells change, 120x40', unit: 'B', target: 1000},
    {id: 'resident', title: 'resident memory of the screen', unit: 'MB', target: 120},
  ],
  async measure(lab) {
    const screen = new ScreenSession(lab.command());
    await screen.waitFor('first frame', text => text.includes(GUEST));
    try {
      await quiet(screen);
      await pass(lab.idleMs); // once, some eight seconds after its last work, V8 gives memory back
      return [...(await idle(screen, lab)), await fiveCells(screen), residentMemory(screen)];
    } finally {
      await screen.close();
    }
  },
};

/** Watching for a while is the measurement itself. */
async function idle(screen: ScreenSession, lab: Lab): Promise<readonly Reading[]> {
  const [bytes, cpuNs, start] = [screen.bytes, screen.cpuNs(), performance.now()];
  await pass(lab.idleMs);
  const seconds = (performance.now() - start) / 1000;
  const [written, usedMs] = [screen.bytes - bytes, (screen.cpuNs() - cpuNs) / 1e6];
  return [
    {value: written / seconds, detail: `${written} bytes in ${seconds.toFixed(1)} s`},
    {value: usedMs / seconds / 10, detail: `${usedMs.toFixed(1)} ms in ${seconds.toFixed(1)} s`},
  ];
}

/** Five letters of the command line, in one piece as a paste is: five cells, and the cursor that moves along. */
async function fiveCells(screen: ScreenSession): Promise<Reading> {
  screen.type(':');
  await quiet(screen);
  const before = screen.bytes;
  screen.type('xyzzy');
  await screen.waitFor('typed letters', text => text.includes('xyzzy'));
  await quiet(screen);
  const value = screen.bytes - before;
  screen.type('\x1b');
  await quiet(screen);
  return {value, detail: "'xyzzy' typed into the command line"};
}

function residentMemory(screen: ScreenSession): Reading {
  const kiB = screen.residentKiB();
  return {value: (kiB * 1024) / 1e6, detail: `VmRSS ${kiB} kB`};
}

/** Settles when nothing was written for half a second. */
async function quiet(screen: ScreenSession): Promise<void> {
  for (let before = -1; before !== screen.bytes; ) {
    before = screen.bytes;
    await pass(500);
  }
}
