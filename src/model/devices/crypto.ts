import {attr, child, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, oneOf} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';
import {virtioDriver} from './virtio-options.ts';

const backend = record({
  model: required(attr('model', oneOf('builtin', 'lkcf')), "model='builtin'"),
  queues: attr('queues', integer()),
});

const shape = {
  model: required(attr('model', oneOf('virtio')), "model='virtio'"),
  type: required(attr('type', oneOf('qemu')), "type='qemu'"),
  backend: child('backend', backend),
  driver: child('driver', virtioDriver),
  ...deviceParts,
};

/** An accelerator for cryptography. */
export type CryptoDef = {readonly kind: 'crypto'} & RecordOf<typeof shape>;
export const cryptoCodec = recordCodec('crypto', 'crypto', record(shape), {isStarted: () => true});
