import {accessSync, constants} from 'node:fs';
import {setTimeout as pass} from 'node:timers/promises';
import {BOOT_SECTOR_FLOOD_BYTES, BOOT_SECTOR_PROMPT} from '../test/guests/boot-sector/boot-sector.ts';
import {type FigureGroup, median} from './figure.ts';
import {GUEST, type Lab, outputOf, timeCommand} from './lab.ts';
import {exchange, greet, type LineTalker, talkOnPty, talkThrough} from './line-talker.ts';

const LETTERS = [...'qazwsxedcrfvtgbyhnujmikolp'];
/** Much less than anybody who types, more than an echo takes. */
const KEY_PAUSE_MS = 10;
const FLOODS = 4;
const SOCAT = '/usr/bin/socat';

/** From a key to its echo by the guest through `virtty console`, and on the same pty without anything between. */
export const rawEcho: FigureGroup = {
  figures: [{id: 'raw-echo', title: 'key to echo over a raw attach / the bare channel', unit: 'x', target: 1.05}],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  measure: lab =>
    withGuest(lab, async pty => {
      const times = {bare: [] as number[], attached: [] as number[], socat: [] as number[]};
      for (let run = 0; run < lab.runs; run++) {
        times.bare.push(...(await echoTimes(talkOnPty(pty))));
        times.attached.push(...(await echoTimes(talkThrough(lab.command('console', GUEST)))));
        if (canRun(SOCAT)) times.socat.push(...(await echoTimes(talkThrough(socatTo(pty)))));
      }
      const [bare, attached] = [median(times.bare), median(times.attached)];
      const peer = times.socat.length === 0 ? 'no socat here' : `socat ${median(times.socat).toFixed(3)} ms`;
      return [{value: attached / bare, detail: `${attached.toFixed(3)} ms, bare ${bare.toFixed(3)} ms, ${peer}`}];
    }),
};

/**
 * What a raw attach costs while a guest prints as fast as it can, a byte at a time as a UART does. The target is half of what
 * `virsh console` with libvirtd 9.0.0 takes, which is three times what socat does.
 */
export const rawCost: FigureGroup = {
  figures: [{id: 'raw-cpu', title: "processor time per MB of a raw attach / socat's", unit: 'x', target: 1.5}],
  unable: lab =>
    lab.emulator === undefined ? 'there is no qemu-system-x86_64' : canRun(SOCAT) ? undefined : `there is no ${SOCAT}`,
  measure: lab =>
    withGuest(lab, async pty => {
      const attached: number[] = [];
      const socat: number[] = [];
      for (let run = 0; run < Math.ceil(lab.runs / 3); run++) {
        attached.push(await msPerMegabyte(talkThrough(lab.command('console', GUEST))));
        socat.push(await msPerMegabyte(talkThrough(socatTo(pty))));
      }
      const [ours, theirs] = [median(attached), median(socat)];
      return [{value: ours / theirs, detail: `${ours.toFixed(0)} ms, socat ${theirs.toFixed(0)} ms`}];
    }),
};

/** @returns how long the echo of each of some letters took */
async function echoTimes(talker: LineTalker): Promise<readonly number[]> {
  try {
    await greet(talker, BOOT_SECTOR_PROMPT);
    const times: number[] = [];
    for (const letter of LETTERS) {
      await pass(KEY_PAUSE_MS);
      times.push(await exchange(talker, letter, letter));
    }
    await greet(talker, BOOT_SECTOR_PROMPT);
    return times;
  } finally {
    await talker.close();
  }
}

async function msPerMegabyte(talker: LineTalker): Promise<number> {
  try {
    await greet(talker, BOOT_SECTOR_PROMPT);
    const flood = {minBytes: BOOT_SECTOR_FLOOD_BYTES};
    await exchange(talker, 'f\r', BOOT_SECTOR_PROMPT, flood); // not counted: V8 compiles what is used often
    const before = talker.cpuNs();
    for (let flooded = 0; flooded < FLOODS; flooded++) await exchange(talker, 'f\r', BOOT_SECTOR_PROMPT, flood);
    return (talker.cpuNs() - before) / (FLOODS * BOOT_SECTOR_FLOOD_BYTES); // ns for each byte, ms for each MB
  } finally {
    await talker.close();
  }
}

function socatTo(pty: string): readonly [string, ...string[]] {
  return [SOCAT, '-,rawer', `${pty},rawer`];
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // the answer, not a failure
  }
}

/** Runs a measurement with the guest up. @param measure  is given the path of the pty of its serial line */
async function withGuest<T>(lab: Lab, measure: (pty: string) => Promise<T>): Promise<T> {
  await timeCommand(lab.command('start', GUEST));
  try {
    const xml = await outputOf(lab.command('dumpxml', GUEST));
    const path = /<source path=['"](\/dev\/pts\/\d+)['"]/.exec(xml)?.[1];
    if (path === undefined) throw new Error(`the running guest has no pty in its XML:\n${xml}`);
    return await measure(path);
  } finally {
    await timeCommand(lab.command('destroy', GUEST));
  }
}
