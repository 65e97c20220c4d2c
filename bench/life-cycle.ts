import {openDriver} from '../src/driver/open.ts';
import type {Hypervisor} from '../src/model/hypervisor.ts';
import {BareEmulator, commandLineOf} from './bare-emulator.ts';
import {type FigureGroup, ratioOf} from './figure.ts';
import {GUEST} from './lab.ts';

/**
 * What virtty adds to an emulator's start and end, in an open connection as the screen has one. The bare emulator is started
 * with the very same command line.
 */
export const lifeCycle: FigureGroup = {
  figures: [
    {id: 'start', title: 'start until running / the same emulator bare, then cont', unit: 'x', target: 2},
    {id: 'destroy', title: 'destroy / SIGTERM and waiting', unit: 'x', target: 3},
  ],
  unable: lab => (lab.emulator === undefined ? 'there is no qemu-system-x86_64' : undefined),
  async measure(lab) {
    const times = {start: [] as number[], destroy: [] as number[], bareStart: [] as number[], bareEnd: [] as number[]};
    const hypervisor = await openDriver({kind: 'embed', root: lab.root}, {access: 'owner'});
    try {
      for (let run = 0; run < lab.runs; run++) {
        times.start.push(await timeOf(() => hypervisor.domainCreate(GUEST)));
        const commandLine = commandLineOf(await emulatorPid(hypervisor));
        times.destroy.push(await timeOf(() => hypervisor.domainDestroy(GUEST)));
        const bare = await BareEmulator.start(commandLine);
        times.bareStart.push(bare.startMs);
        times.bareEnd.push(await bare.terminate());
      }
    } finally {
      await hypervisor.close();
    }
    return [ratioOf(times.start, times.bareStart, 'bare'), ratioOf(times.destroy, times.bareEnd, 'bare')];
  },
};

async function timeOf(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function emulatorPid(hypervisor: Hypervisor): Promise<number> {
  const {pid} = await hypervisor.domainLookup(GUEST);
  if (pid === undefined) throw new Error(`the running ${GUEST} has no pid`);
  return pid;
}
