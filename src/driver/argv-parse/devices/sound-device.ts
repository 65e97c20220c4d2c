import type {SoundDef} from '../../../model/devices/sound.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {takeAudio} from '../screens/screen-audio.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';

/** The backend that a card plays on. */
function takeBackend(bag: OptionBag, draft: NativeDraft): Pick<SoundDef, 'audioId'> {
  return omitUndefined({audioId: takeAudio(bag, draft)});
}

function card(model: SoundDef['model']): DeviceReader {
  return ({bag}, draft) => {
    const id = bag.peek('id');
    if (id !== undefined && model.startsWith('ich')) draft.soundBuses.set(`${id}.0`, draft.devices.length);
    const multichannel = model === 'usb' ? bag.takeSwitch('multi') : undefined;
    draft.devices.push({
      kind: 'sound',
      model,
      ...(multichannel === undefined ? {} : {multichannel}),
      ...takeBackend(bag, draft),
      ...takeDeviceBase(bag, draft),
    });
    return true;
  };
}

/** What plays and records on an HDA controller: an element of the card. */
function codec(type: 'duplex' | 'micro' | 'output'): DeviceReader {
  return ({bag}, draft) => {
    const at = draft.soundBuses.get(bag.peek('bus') ?? '') ?? draft.devices.findLastIndex(isHda);
    const sound = draft.devices[at];
    if (sound?.kind !== 'sound') return false;
    bag.drop('id', 'bus', 'cad');
    draft.devices[at] = {...sound, codecs: [...(sound.codecs ?? []), type], ...takeBackend(bag, draft)};
    return true;
  };
}

/** The speaker of a PC is part of the board, which says where it is heard. */
export function addPcSpeaker({arg, backend}: NonNullable<NativeDraft['pcSpeaker']>, draft: NativeDraft): void {
  const audioId = draft.audios.get(backend);
  if (audioId === undefined) draft.keep({...arg, words: ['-machine', `pcspk-audiodev=${backend}`]});
  else draft.devices.push({kind: 'sound', model: 'pcspk', audioId});
}

function isHda(device: NativeDraft['devices'][number]): boolean {
  return device.kind === 'sound' && device.model.startsWith('ich');
}

export const SOUND_DEVICES: DeviceReaders = {
  sb16: card('sb16'),
  ES1370: card('es1370'),
  AC97: card('ac97'),
  'intel-hda': card('ich6'),
  'ich9-intel-hda': card('ich9'),
  'usb-audio': card('usb'),
  'hda-duplex': codec('duplex'),
  'hda-micro': codec('micro'),
  'hda-output': codec('output'),
};
