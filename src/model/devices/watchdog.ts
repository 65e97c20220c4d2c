import {attr, required, withDefault} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {oneOf} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const shape = {
  model: required(attr('model', oneOf('i6300esb', 'ib700', 'diag288', 'itco')), "model='i6300esb' or the like"),
  action: withDefault(
    attr('action', oneOf('reset', 'shutdown', 'poweroff', 'pause', 'dump', 'none', 'inject-nmi')),
    'reset',
  ),
  ...deviceParts,
};

/** A device that acts when the guest stops feeding it. */
export type WatchdogDef = {readonly kind: 'watchdog'} & RecordOf<typeof shape>;
export const watchdogCodec = recordCodec('watchdog', 'watchdog', record(shape), {isStarted: () => true});
