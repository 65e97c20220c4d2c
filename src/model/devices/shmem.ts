import {attr, child, required} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, matching, oneOf, onOff, yesNo} from '../fields/scalar.ts';
import {readSizeKiB} from '../fields/size.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';

/** libvirt prints this one in MiB, whatever the unit was. */
const sizeMiB: Field<bigint> = {
  read: reader => {
    const size = readSizeKiB(reader);
    return size === undefined ? undefined : size / 1024n;
  },
  write: (value, into) => {
    into.attributes.push(['unit', 'M']);
    into.text = String(value);
  },
  place: {text: true},
};

const msi = record({
  enabled: attr('enabled', yesNo),
  vectors: attr('vectors', integer()),
  ioeventfd: attr('ioeventfd', onOff),
});

const shape = {
  name: required(attr('name', matching(/^[^/]+$/, "a name without '/'")), "name='NAME'"),
  role: attr('role', oneOf('master', 'peer')),
  model: child('model', attr('type', oneOf('ivshmem', 'ivshmem-plain', 'ivshmem-doorbell'))),
  sizeMiB: child('size', sizeMiB),
  server: child('server', record({path: attr('path', absolutePathText)})),
  msi: child('msi', msi),
  ...deviceParts,
};

/** Memory that guests share. */
export type ShmemDef = {readonly kind: 'shmem'} & RecordOf<typeof shape>;
export const shmemCodec = recordCodec('shmem', 'shmem', record(shape));
