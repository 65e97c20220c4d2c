import {attr, childAttr, list, needed, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf, yesNo} from '../fields/scalar.ts';
import {audioId} from './audio.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  model: required(
    attr('model', oneOf('sb16', 'es1370', 'pcspk', 'ac97', 'ich6', 'ich7', 'ich9', 'usb')),
    "model='ich9' or the like",
  ),
  multichannel: attr('multichannel', yesNo),
  codecs: list('codec', needed(attr('type', oneOf('duplex', 'micro', 'output')))),
  audioId: childAttr('audio', 'id', audioId),
  ...deviceParts,
};

/** A sound card. */
export type SoundDef = {readonly kind: 'sound'} & RecordOf<typeof shape>;
export const soundCodec = recordCodec('sound', 'sound', record(shape), {isStarted: () => true});
