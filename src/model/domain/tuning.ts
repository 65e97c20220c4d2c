import {attr, child, childAttr, list, presence, required, textChild} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {nodeSet} from '../fields/node-set.ts';
import {opaqueList} from '../fields/opaque.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, big, integer, matching, oneOf, yesNo} from '../fields/scalar.ts';
import {sizeAttribute, sizeChild, sizeKiB} from '../fields/size.ts';
import {sortedBy} from '../fields/sorted.ts';

const whole = integer();
const signed = matching(/^-?\d{1,19}$/, 'a whole number');

const blkioDevice = record({
  path: required(textChild('path', absolutePathText), '<path>'),
  weight: textChild('weight', whole),
  readIopsSec: textChild('read_iops_sec', whole),
  writeIopsSec: textChild('write_iops_sec', whole),
  readBytesSec: textChild('read_bytes_sec', big),
  writeBytesSec: textChild('write_bytes_sec', big),
});

const blkiotune = record({weight: textChild('weight', whole), devices: list('device', blkioDevice)});

/** So much is no limit. Source: libvirt 9.0.0, include/libvirt/libvirt-domain.h, VIR_DOMAIN_MEMORY_PARAM_UNLIMITED. */
const UNLIMITED_KIB = 9007199254740991n;

function limitChild(name: string): Field<bigint> {
  const size = sizeChild(name);
  return {
    ...size,
    read: (reader, context) => {
      const limit = size.read(reader, context);
      return limit !== undefined && limit < UNLIMITED_KIB ? limit : undefined;
    },
  };
}

const memtune = record({
  hardLimitKiB: limitChild('hard_limit'),
  softLimitKiB: limitChild('soft_limit'),
  minGuaranteeKiB: limitChild('min_guarantee'),
  swapHardLimitKiB: limitChild('swap_hard_limit'),
});

const hugepage = record({
  sizeKiB: required(sizeAttribute('size'), "size='2048'"),
  nodeset: attr('nodeset', nodeSet),
});

const memoryBacking = record({
  hugepages: child('hugepages', record({pages: list('page', hugepage)})),
  nosharepages: presence('nosharepages'),
  locked: presence('locked'),
  sourceType: childAttr('source', 'type', oneOf('file', 'anonymous', 'memfd')),
  accessMode: childAttr('access', 'mode', oneOf('shared', 'private')),
  allocation: child(
    'allocation',
    record({mode: attr('mode', oneOf('immediate', 'ondemand')), threads: attr('threads', integer(1))}),
  ),
  discard: presence('discard'),
});

const vcpuItem = record({
  id: required(attr('id', whole), "id='N'"),
  enabled: attr('enabled', yesNo),
  hotpluggable: attr('hotpluggable', yesNo),
  order: attr('order', integer(1)),
});

const pool = {
  threadPoolMin: attr('thread_pool_min', whole),
  threadPoolMax: attr('thread_pool_max', whole),
};

const cpuset = required(attr('cpuset', nodeSet), "cpuset='0-3'");

const scheduler = {
  scheduler: attr('scheduler', oneOf('batch', 'idle', 'fifo', 'rr')),
  priority: attr('priority', whole),
};

const cputune = record({
  shares: textChild('shares', big),
  period: textChild('period', big),
  quota: textChild('quota', signed),
  globalPeriod: textChild('global_period', big),
  globalQuota: textChild('global_quota', signed),
  emulatorPeriod: textChild('emulator_period', big),
  emulatorQuota: textChild('emulator_quota', signed),
  iothreadPeriod: textChild('iothread_period', big),
  iothreadQuota: textChild('iothread_quota', signed),
  vcpupins: sortedBy(
    list('vcpupin', record({vcpu: required(attr('vcpu', whole), "vcpu='N'"), cpuset})),
    pin => pin.vcpu,
  ),
  emulatorpin: childAttr('emulatorpin', 'cpuset', nodeSet),
  iothreadpins: sortedBy(
    list('iothreadpin', record({iothread: required(attr('iothread', integer(1)), "iothread='N'"), cpuset})),
    pin => pin.iothread,
  ),
  emulatorsched: child('emulatorsched', record(scheduler)),
  vcpuscheds: list('vcpusched', record({vcpus: attr('vcpus', nodeSet), ...scheduler})),
  iothreadscheds: list('iothreadsched', record({iothreads: attr('iothreads', nodeSet), ...scheduler})),
  cachetunes: opaqueList('cachetune'),
  memorytunes: opaqueList('memorytune'),
});

const mode = attr('mode', oneOf('strict', 'preferred', 'interleave', 'restrictive'));

const numatune = record({
  memory: child(
    'memory',
    record({mode, nodeset: attr('nodeset', nodeSet), placement: attr('placement', oneOf('static', 'auto'))}),
  ),
  memnodes: list('memnode', record({cellid: attr('cellid', whole), mode, nodeset: attr('nodeset', nodeSet)})),
});

/** Limits and placement, in libvirt's order. Source: libvirt 9.0.0, docs/formatdomain. */
export const limitSections = {
  blkiotune: child('blkiotune', blkiotune),
  memtune: child('memtune', memtune),
};

/** What the guest's memory is made of on the host. */
export const memoryBackingField = child('memoryBacking', memoryBacking);

/** The same, of what comes after `<vcpu>`. */
export const placementSections = {
  vcpuList: child('vcpus', list('vcpu', vcpuItem)),
  iothreads: textChild('iothreads', whole),
  iothreadids: child(
    'iothreadids',
    list('iothread', record({id: required(attr('id', integer(1)), "id='N'"), ...pool})),
  ),
  defaultiothread: child('defaultiothread', record(pool)),
  cputune: child('cputune', cputune),
  numatune: child('numatune', numatune),
};

/** Memory that can be plugged in: `<maxMemory slots= unit='KiB'>`. */
const maxMemory = {slots: attr('slots', whole), sizeKiB: required(sizeKiB, 'the size')};
export const maxMemoryField = child('maxMemory', record(maxMemory));
export type MaxMemoryDef = RecordOf<typeof maxMemory>;
