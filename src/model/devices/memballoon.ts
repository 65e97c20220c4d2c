import {attr, child, childAttr, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, oneOf, onOff, within} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';
import {virtioDriver} from './virtio-options.ts';

const shape = {
  model: required(
    attr('model', oneOf('virtio', 'xen', 'none', 'virtio-transitional', 'virtio-non-transitional')),
    "model='virtio'",
  ),
  autodeflate: attr('autodeflate', onOff),
  freePageReporting: attr('freePageReporting', onOff),
  statsPeriodSeconds: childAttr('stats', 'period', within(integer(), 1, 2 ** 32 - 1)),
  ...deviceParts,
  driver: child('driver', virtioDriver),
};

/** The device through which a guest gives memory back. */
export type MemballoonDef = {readonly kind: 'memballoon'} & RecordOf<typeof shape>;
export const memballoonCodec = recordCodec('memballoon', 'memballoon', record(shape), {isStarted: () => true});
