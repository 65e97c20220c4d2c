import {attr} from '../fields/element-fields.ts';
import {record} from '../fields/record.ts';
import {oneOf, onOff} from '../fields/scalar.ts';

/** What every virtio device understands. Source: libvirt 9.0.0, docs/formatdomain, "Virtio-related options". */
export const virtioOptions = {
  iommu: attr('iommu', onOff),
  ats: attr('ats', onOff),
  packed: attr('packed', onOff),
  pagePerVq: attr('page_per_vq', onOff),
};

/** `<driver/>` of a device that has no other options of its driver. */
export const virtioDriver = record(virtioOptions);

/** The three ways in which a virtio device can sit in a slot. */
export const virtioModel = oneOf('virtio', 'virtio-transitional', 'virtio-non-transitional');
