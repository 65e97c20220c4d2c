import {type RecordOf, record} from '../fields/record.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  ...deviceParts,
};

/** The non-volatile memory of a pSeries machine. */
export type NvramDef = {readonly kind: 'nvram'} & RecordOf<typeof shape>;
export const nvramCodec = recordCodec('nvram', 'nvram', record(shape), {isStarted: () => true});
