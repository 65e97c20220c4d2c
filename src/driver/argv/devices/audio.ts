import type {AudioDef} from '../../../model/devices/audio.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {refusal} from './device-context.ts';

const DRIVERS: Readonly<Record<AudioDef['type'], string>> = {
  none: 'none',
  alsa: 'alsa',
  coreaudio: 'coreaudio',
  jack: 'jack',
  oss: 'oss',
  pulseaudio: 'pa',
  sdl: 'sdl',
  spice: 'spice',
  file: 'wav',
  dbus: 'dbus',
};

/** QEMU's id of an audio backend. */
export function audioId(id: number): string {
  return `audio${id}`;
}

/** `-audiodev`: where the sound goes on the host. SDL's own driver is told by the environment. */
export function buildAudioArgs(audio: AudioDef, input: ArgvInput): readonly QemuArg[] {
  const isHeard = audio.type !== 'spice' || devicesOf(input.def, 'graphics').some(({type}) => type === 'spice');
  if (!isHeard) throw refusal('sound', 'SPICE has no server to play it', "add <graphics type='spice'/>", input);
  const options = {
    id: audioId(audio.id),
    'timer-period': audio.timerPeriodUs,
    ...direction('in', audio.input),
    ...direction('out', audio.output),
    ...own(audio),
  };
  return [optionsArg('-audiodev', options, {key: 'driver', value: DRIVERS[audio.type]})];
}

function direction(prefix: string, part: AudioDef['input']): OptionRecord {
  return {
    [`${prefix}.mixing-engine`]: part?.mixingEngine,
    [`${prefix}.fixed-settings`]: part?.fixedSettings,
    [`${prefix}.voices`]: part?.voices,
    [`${prefix}.buffer-length`]: part?.bufferLengthUs,
    [`${prefix}.frequency`]: part?.settings?.frequencyHz,
    [`${prefix}.channels`]: part?.settings?.channels,
    [`${prefix}.format`]: part?.settings?.format,
    [`${prefix}.name`]: part?.name,
    [`${prefix}.stream-name`]: part?.streamName,
    [`${prefix}.latency`]: part?.latencyUs,
    [`${prefix}.dev`]: part?.dev,
    [`${prefix}.buffer-count`]: part?.bufferCount,
    [`${prefix}.try-poll`]: part?.tryPoll,
    [`${prefix}.server-name`]: part?.serverName,
    [`${prefix}.client-name`]: part?.clientName,
    [`${prefix}.connect-ports`]: part?.connectPorts,
    [`${prefix}.exact-name`]: part?.exactName,
  };
}

function own(audio: AudioDef): OptionRecord {
  switch (audio.type) {
    case 'pulseaudio':
      return {server: audio.serverName};
    case 'file':
      return {path: audio.path};
    case 'oss':
      return {'try-mmap': audio.tryMMap, exclusive: audio.exclusive, 'dsp-policy': audio.dspPolicy};
    default:
      return {};
  }
}
