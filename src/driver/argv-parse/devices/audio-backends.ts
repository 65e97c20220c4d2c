import type {AudioDef} from '../../../model/devices/audio.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
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
  dbus: 'dbus',
};

/** `-audiodev` without settings of its own is a backend of the XML; another one is kept. */
export function readAudiodev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'driver');
  const type = ownProperty(TYPES, bag.take('driver'));
  const number = /^(?:audio)?([1-9]\d{0,3})$/.exec(bag.take('id') ?? '')?.[1];
  if (type === undefined || number === undefined || bag.rest.length > 0) draft.keep(arg);
  else draft.devices.push({kind: 'audio', id: Number(number), type});
}
