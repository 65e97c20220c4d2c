import {BareEmulator, commandLineOf} from './bare-emulator.ts';
import {type FigureGroup, ratioOf} from './figure.ts';
import {GUEST, outputOf, timeCommand} from './lab.ts';

/** What virtty adds to an emulator's start and end. The bare one is started with the very same command line. */
export const lifeCycle: FigureGroup = {
  figures: [
    {id: 'start', title: 'virtty start / the same emulator bare, then cont', unit: 'x', target: 2},
    {id: 'destroy', title: 'virtty destroy / SIGTERM and waiting', unit: 'x', target: 3},
  ],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  async measure(lab) {
    const times = {start: [] as number[], destroy: [] as number[], bareStart: [] as number[], bareEnd: [] as number[]};
    for (let run = 0; run < lab.runs; run++) {
      times.start.push(await timeCommand(lab.command('start', GUEST)));
      const commandLine = commandLineOf(await emulatorPid(lab.command('dominfo', GUEST, '--json')));
      times.destroy.push(await timeCommand(lab.command('destroy', GUEST)));
      const bare = await BareEmulator.start(commandLine);
      times.bareStart.push(bare.startMs);
      times.bareEnd.push(await bare.terminate());
    }
    return [ratioOf(times.start, times.bareStart, 'bare'), ratioOf(times.destroy, times.bareEnd, 'bare')];
  },
};

async function emulatorPid(dominfo: readonly [string, ...string[]]): Promise<number> {
  const info: {readonly pid?: number} = JSON.parse(await outputOf(dominfo));
  if (info.pid === undefined) throw new Error(`${dominfo.join(' ')} names no pid`);
  return info.pid;
}
