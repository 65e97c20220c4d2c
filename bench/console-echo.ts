import {constants, openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {BOOT_SECTOR_BANNER, BOOT_SECTOR_PROMPT} from '../test/guests/boot-sector/boot-sector.ts';
import {type FigureGroup, median} from './figure.ts';
import {GUEST, outputOf, timeCommand} from './lab.ts';
import {ScreenSession} from './screen-session.ts';

const LETTERS = [...'qazwsxedcrfvtgbyhnujmik'];
/** The key of the domain list that opens the console of the selected domain. */
const OPEN_CONSOLE = 'c';

/** From a key to its echo by the guest: on the screen's console pane, and on the same pty without anything between. */
export const consoleEcho: FigureGroup = {
  figures: [{id: 'echo', title: 'key to echo in the console pane, over a raw attach', unit: 'ms', target: 20}],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  async measure(lab) {
    await timeCommand(lab.command('start', GUEST));
    const xml = await outputOf(lab.command('dumpxml', GUEST));
    const ptyPath = /<source path=['"](\/dev\/pts\/\d+)['"]/.exec(xml)?.[1];
    if (ptyPath === undefined) throw new Error(`the running guest has no pty in its XML:\n${xml}`);
    const raw = await echoTimesRaw(ptyPath);
    const pane = await echoTimesOnScreen(lab.command());
    await timeCommand(lab.command('destroy', GUEST));
    const [paneMs, rawMs] = [median(pane), median(raw)];
    return [{value: paneMs - rawMs, detail: `${paneMs.toFixed(1)} ms, raw ${rawMs.toFixed(1)} ms`}];
  },
};

async function echoTimesRaw(ptyPath: string): Promise<readonly number[]> {
  const line = new ReadStream(openSync(ptyPath, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
  line.setRawMode(true);
  let seen = '';
  let check = () => {};
  line.on('data', chunk => {
    seen += String(chunk);
    check();
  });
  /** @returns milliseconds from typing to seeing */
  const exchange = async (typed: string, wanted: string) => {
    const {promise, resolve} = Promise.withResolvers<number>();
    const start = performance.now();
    seen = '';
    check = () => {
      if (seen.endsWith(wanted)) resolve(performance.now() - start);
    };
    line.write(typed);
    return promise;
  };
  await exchange('\r', BOOT_SECTOR_PROMPT); // QEMU notices a new reader late: this one is not counted
  const times: number[] = [];
  for (const letter of LETTERS) times.push(await exchange(letter, letter));
  await exchange('\r', BOOT_SECTOR_PROMPT);
  line.destroy();
  return times;
}

async function echoTimesOnScreen(command: readonly [string, ...string[]]): Promise<readonly number[]> {
  const screen = new ScreenSession(command);
  try {
    await screen.waitFor('list of domains', text => text.includes(GUEST));
    screen.type(OPEN_CONSOLE);
    await screen.waitFor('banner of the guest', text => text.includes(BOOT_SECTOR_BANNER));
    const times: number[] = [];
    for (const [index, letter] of LETTERS.entries()) {
      const start = performance.now();
      screen.type(letter);
      // What was typed raw stands in the history: only here does it end where it does.
      const line = new RegExp(`> ${LETTERS.slice(0, index + 1).join('')}[^a-z]`);
      times.push((await screen.waitFor(`echo of '${letter}'`, text => line.test(text))) - start);
    }
    return times;
  } finally {
    await screen.close();
  }
}
