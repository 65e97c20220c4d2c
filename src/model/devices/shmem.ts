import {attr, child, childAttr, required} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, matching, oneOf, onOff, yesNo} from '../fields/scalar.ts';
import {readSizeKiB} from '../fields/size.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
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
  model: childAttr('model', 'type', oneOf('ivshmem', 'ivshmem-plain', 'ivshmem-doorbell')),
  sizeMiB: child('size', sizeMiB),
  server: child('server', record({path: attr('path', absolutePathText)})),
  msi: child('msi', msi),
  ...deviceParts,
};

/** Memory that guests share. */
export type ShmemDef = {readonly kind: 'shmem'} & RecordOf<typeof shape>;
export const shmemCodec = recordCodec('shmem', 'shmem', checked(record(shape)), {
  isStarted: () => true,
  hostResources: shmemResources,
});

type ShmemFields = Omit<ShmemDef, 'kind'>;

/** Source: libvirt 9.0.0, src/conf/domain_validate.c, virDomainShmemDefValidate. */
function checked(field: Field<ShmemFields>): Field<ShmemFields> {
  return {
    ...field,
    read: (reader, context) => {
      const shmem = field.read(reader, context);
      const size = shmem?.sizeMiB;
      if (size !== undefined && (size === 0n || (size & (size - 1n)) !== 0n)) {
        reader.child('size')?.error(`the size of shared memory must be a power of two, it is ${size} MiB`);
      }
      if (shmem?.msi && !shmem.server) reader.child('msi')?.error('<msi> of shared memory needs a <server>');
      return shmem;
    },
  };
}

/** The file that is the memory where no server gives it out. */
export function shmemFile({name}: ShmemDef): string {
  return `/dev/shm/${name}`;
}

/** Where the server listens. Source: libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessPrepareDomain. */
export function shmemSocket({name, server}: ShmemDef): string {
  return server?.path ?? `/var/lib/libvirt/shmem-${name}-sock`;
}

function shmemResources(shmem: ShmemDef): readonly HostResource[] {
  const shape = {role: 'shmem', access: 'write', shared: true, device: `shared memory ${shmem.name}`} as const;
  if (shmem.server) return [{...shape, path: shmemSocket(shmem), type: 'socket', created: false}];
  return [{...shape, path: shmemFile(shmem), type: 'file', created: true}];
}
