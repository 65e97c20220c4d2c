import type {AudioDef} from '../../../model/devices/audio.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {parseOption} from '../parse-option.ts';

/** libvirt's words for QEMU's. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildAudioCommandLineArg. */
const TYPES: Readonly<Record<string, AudioDef['type']>> = {
  none: 'none',
  alsa: 'alsa',
  coreaudio: 'coreaudio',
  jack: 'jack',
  oss: 'oss',
  pa: 'pulseaudio',
  sdl: 'sdl',
  spice: 'spice',
  wav: 'file',
  dbus: 'dbus',
};

/** `-audiodev`: where the sound goes; one that says more than the XML can is kept. */
export function readAudiodev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'driver');
  const type = ownProperty(TYPES, bag.take('driver'));
  const id = bag.take('id');
  if (type === undefined || id === undefined) {
    draft.keep(arg);
    return;
  }
  const audio = {type, ...takeSettings(type, bag)};
  const [more] = bag.rest;
  if (more) {
    draft.keep(arg, `the domain XML has no word for its '${more.key}'`);
    return;
  }
  const number = freeNumber(id, draft);
  draft.audios.set(id, number);
  draft.devices.push({kind: 'audio', id: number, ...audio});
}

/** libvirt's and our ids end with the number; others get the next free one. */
function freeNumber(id: string, draft: NativeDraft): number {
  const taken = new Set(draft.audios.values());
  const wished = Number(/^audio([1-9]\d{0,3})$/.exec(id)?.[1] ?? 1);
  let number = wished;
  while (taken.has(number)) number++;
  return number;
}

function takeSettings(type: AudioDef['type'], bag: OptionBag) {
  return omitUndefined({
    timerPeriodUs: positive(bag, 'timer-period'),
    input: takeDirection('in', bag),
    output: takeDirection('out', bag),
    serverName: type === 'pulseaudio' ? bag.take('server') : undefined,
    path: type === 'file' && bag.peek('path')?.startsWith('/') ? bag.take('path') : undefined,
    tryMMap: type === 'oss' ? bag.takeSwitch('try-mmap') : undefined,
    exclusive: type === 'oss' ? bag.takeSwitch('exclusive') : undefined,
    dspPolicy: type === 'oss' ? bag.takeNumber('dsp-policy') : undefined,
  });
}

/** A number that the XML wants to be more than nothing. */
function positive(bag: OptionBag, key: string): number | undefined {
  return /^0*$/.test(bag.peek(key) ?? '') ? undefined : bag.takeNumber(key);
}

function takeDirection(prefix: string, bag: OptionBag): AudioDef['input'] {
  const key = (name: string) => `${prefix}.${name}`;
  const settings = omitUndefined({
    frequencyHz: positive(bag, key('frequency')),
    channels: positive(bag, key('channels')),
    format: bag.takeWord(key('format'), ['s8', 'u8', 's16', 'u16', 's32', 'u32', 'f32']),
  });
  const direction = omitUndefined({
    mixingEngine: bag.takeSwitch(key('mixing-engine')),
    fixedSettings: bag.takeSwitch(key('fixed-settings')),
    voices: positive(bag, key('voices')),
    bufferLengthUs: positive(bag, key('buffer-length')),
    name: bag.take(key('name')),
    streamName: bag.take(key('stream-name')),
    latencyUs: bag.takeNumber(key('latency')),
    dev: bag.take(key('dev')),
    bufferCount: bag.takeNumber(key('buffer-count')),
    tryPoll: bag.takeSwitch(key('try-poll')),
    serverName: bag.take(key('server-name')),
    clientName: bag.take(key('client-name')),
    connectPorts: bag.take(key('connect-ports')),
    exactName: bag.takeSwitch(key('exact-name')),
    settings: Object.keys(settings).length > 0 ? settings : undefined,
  });
  return Object.keys(direction).length > 0 ? direction : undefined;
}
