import type {SoundDef} from '../../../model/devices/sound.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {audioId} from './audio.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {pciPlace, usbPlace} from './device-place.ts';

const CARDS: Readonly<Record<Exclude<SoundDef['model'], 'pcspk' | 'ich7'>, string>> = {
  sb16: 'sb16',
  es1370: 'ES1370',
  ac97: 'AC97',
  ich6: 'intel-hda',
  ich9: 'ich9-intel-hda',
  usb: 'usb-audio',
};

/** A sound card; the codecs of an HDA controller are devices of their own. The speaker is on the board. */
export function buildSoundArgs(sound: SoundDef, input: ArgvInput): readonly QemuArg[] {
  if (sound.model === 'pcspk') return [];
  if (sound.model === 'ich7') throw refusal('sound card', "QEMU has no 'ich7'", "choose 'ich6' or 'ich9'", input);
  const id = aliasOf(sound);
  const isHda = sound.model === 'ich6' || sound.model === 'ich9';
  const driver = chooseDriver([CARDS[sound.model]], `sound card '${sound.model}'`, input);
  const place = sound.model === 'usb' ? usbPlace(sound, input) : sound.model === 'sb16' ? {} : pciPlace(sound, input);
  const multi = sound.model === 'usb' ? sound.multichannel : undefined;
  const audiodev = isHda ? undefined : soundAudiodev(sound, input);
  const card = deviceArg(driver, {id, multi, audiodev, ...place});
  return isHda ? [card, ...codecs(sound, id, input)] : [card];
}

/** A controller without a codec gets one that plays and records. */
function codecs(sound: SoundDef, id: string, input: ArgvInput): readonly QemuArg[] {
  return (sound.codecs ?? ['duplex' as const]).map((codec, cad) => {
    const driver = chooseDriver([`hda-${codec}`], `sound codec '${codec}'`, input);
    const options = {id: `${id}-codec${cad}`, bus: `${id}.0`, cad, audiodev: soundAudiodev(sound, input)};
    return deviceArg(driver, options);
  });
}

/** QEMU's id of the backend that a card plays on. */
export function soundAudiodev(sound: SoundDef, {def}: ArgvInput): string | undefined {
  const [first] = devicesOf(def, 'audio');
  const id = sound.audioId ?? first?.id;
  return id === undefined ? undefined : audioId(id);
}
