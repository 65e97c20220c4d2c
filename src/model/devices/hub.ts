import {attr, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  type: required(attr('type', oneOf('usb')), "type='usb'"),
  ...deviceParts,
};

/** A USB hub. */
export type HubDef = {readonly kind: 'hub'} & RecordOf<typeof shape>;
export const hubCodec = recordCodec('hub', 'hub', record(shape), {isStarted: () => true});
