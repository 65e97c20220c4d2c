import {askEverything} from '../../src/driver/emulators/ask-everything.ts';
import {decodeAnswers} from '../../src/driver/emulators/probe-answers.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {replay, type Transcripts} from './transcript.ts';

export const SUMMARIES = new URL('goldens/transcripts.txt', import.meta.url);

/** What is read from recordings, a few lines for each emulator; without flags, of which new ones come all the time. */
export async function summariseAll(transcripts: Transcripts): Promise<string> {
  const texts = await Promise.all(
    Object.entries(transcripts).map(async ([name, transcript]) => {
      const caps = decodeAnswers(await askEverything(replay(transcript), {}));
      return `${name}\n${summarise(caps)
        .map(line => `  ${line}\n`)
        .join('')}`;
    }),
  );
  return texts.join('\n');
}

/** One emulator in a few lines. */
export function summarise(caps: EmulatorCaps): readonly string[] {
  const {machines, cpuModels, devices, deviceBuses} = caps;
  const own = machines.filter(({aliasOf}) => aliasOf === undefined);
  const aliases = machines.flatMap(({name, aliasOf}) => (aliasOf === undefined ? [] : [`${name}=${aliasOf}`]));
  const preset = own.find(({isDefault}) => isDefault);
  const buses = Object.groupBy(devices, name => deviceBuses?.get(name) ?? 'none');
  const told = cpuModels.filter(({lacks}) => lacks.tcg !== undefined);
  const usable = told.length === 0 ? 'not told' : String(told.filter(({lacks}) => lacks.tcg?.length === 0).length);
  const best = caps.hostCpus?.tcg;
  return [
    `QEMU ${caps.version} for ${caps.arch}${caps.kvmBuiltIn ? ', KVM' : ''}${caps.flags.has('tcg') ? ', TCG' : ''}`,
    `boards ${own.length}, deprecated ${own.filter(({deprecated}) => deprecated).length}, default ${preset?.name ?? 'none'}` +
      (preset ? ` (${preset.maxCpus} processors, ${preset.defaultCpu ?? 'no model'})` : ''),
    ...(aliases.length === 0 ? [] : [`aliases ${aliases.join(' ')}`]),
    `processors ${cpuModels.length}, usable ${usable}`,
    ...(best ? [`best ${best.name} with ${best.properties.size} properties`] : []),
    `devices ${devices.size}: ${Object.entries(buses)
      .map(([bus, names = []]) => `${bus} ${names.length}`)
      .sort()
      .join(', ')}`,
  ];
}
