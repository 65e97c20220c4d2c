import {attr, child, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {anyInteger, oneOf, onOff} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

const driver = record({
  intremap: attr('intremap', onOff),
  cachingMode: attr('caching_mode', onOff),
  eim: attr('eim', onOff),
  iotlb: attr('iotlb', onOff),
  awBits: attr('aw_bits', anyInteger(0, 255)),
});

const shape = {
  model: required(attr('model', oneOf('intel', 'smmuv3', 'virtio')), "model='intel'"),
  driver: child('driver', driver),
  ...deviceParts,
};

/** An I/O memory management unit. */
export type IommuDef = {readonly kind: 'iommu'} & RecordOf<typeof shape>;
export const iommuCodec = recordCodec('iommu', 'iommu', record(shape), {isStarted: () => true});
