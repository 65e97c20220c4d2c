import {attr} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  model: attr('model', oneOf('isa', 'pseries', 'hyperv', 's390', 'pvpanic')),
  ...deviceParts,
};

/** The device by which a guest says that it has panicked. */
export type PanicDef = {readonly kind: 'panic'} & RecordOf<typeof shape>;
export const panicCodec = recordCodec('panic', 'panic', record(shape), {isStarted: () => true});
