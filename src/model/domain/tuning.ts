import {attr, child, childAttr, list, needed, presence, required, textChild} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type KindRules, ofKinds} from '../fields/kinds.ts';
import {nodeSet} from '../fields/node-set.ts';
import {opaqueList} from '../fields/opaque.ts';
import {record, type Shape} from '../fields/record.ts';
import {absolutePathText, big, integer, matching, oneOf, within, written, yesNo} from '../fields/scalar.ts';
import {sizeAttribute, sizeChild, sizeKiB} from '../fields/size.ts';
import {sortedBy} from '../fields/sorted.ts';
import {CACHETUNE, MEMORYTUNE} from './opaque-forms.ts';

const whole = integer();
const weight = within(whole, 100, 1000);

/** Microseconds. Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, cpuperiod and cpuquota. */
const period = written(big, value => isBetween(value, 1000n, 1000000n), 'a decimal number from 1000 to 1000000');
const quota = written(
  matching(/^-?\d{1,19}$/, 'a whole number'),
  value => isBetween(value, -1n, 17592186044415n),
  'a whole number from -1 to 17592186044415',
);

function isBetween(value: string, min: bigint, max: bigint): boolean {
  return /^-?\d+$/.test(value) && BigInt(value) >= min && BigInt(value) <= max;
}

const blkioDevice = record({
  path: required(textChild('path', absolutePathText), '<path>'),
  weight: textChild('weight', weight),
  readIopsSec: textChild('read_iops_sec', whole),
  writeIopsSec: textChild('write_iops_sec', whole),
  readBytesSec: textChild('read_bytes_sec', big),
  writeBytesSec: textChild('write_bytes_sec', big),
});

const blkiotune = record({weight: textChild('weight', weight), devices: list('device', blkioDevice)});

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
    record({mode: attr('mode', oneOf('immediate', 'ondemand')), threads: attr('threads', whole)}),
  ),
  discard: presence('discard'),
});

const vcpuItem = record({
  id: required(attr('id', whole), "id='N'"),
  enabled: needed(attr('enabled', yesNo)),
  hotpluggable: attr('hotpluggable', yesNo),
  order: attr('order', integer(1)),
});

const pool = {
  threadPoolMin: attr('thread_pool_min', whole),
  threadPoolMax: attr('thread_pool_max', whole),
};

const cpuset = required(attr('cpuset', nodeSet), "cpuset='0-3'");

const scheduler = {
  scheduler: needed(attr('scheduler', oneOf('batch', 'idle', 'fifo', 'rr'))),
  priority: attr('priority', within(whole, 0, 65535)),
};

const PRIORITY = {must: ['@priority']};
const SCHEDULERS: KindRules = {batch: {}, idle: {}, fifo: PRIORITY, rr: PRIORITY};

function scheduled<const S extends Shape>(shape: S) {
  return ofKinds(record({...shape, ...scheduler}), 'scheduler', SCHEDULERS);
}

const cputune = record({
  shares: textChild('shares', big),
  period: textChild('period', period),
  quota: textChild('quota', quota),
  globalPeriod: textChild('global_period', period),
  globalQuota: textChild('global_quota', quota),
  emulatorPeriod: textChild('emulator_period', period),
  emulatorQuota: textChild('emulator_quota', quota),
  iothreadPeriod: textChild('iothread_period', period),
  iothreadQuota: textChild('iothread_quota', quota),
  vcpupins: sortedBy(
    list('vcpupin', record({vcpu: required(attr('vcpu', within(whole, 0, 65535)), "vcpu='N'"), cpuset})),
    pin => pin.vcpu,
  ),
  emulatorpin: childAttr('emulatorpin', 'cpuset', nodeSet),
  iothreadpins: sortedBy(
    list('iothreadpin', record({iothread: required(attr('iothread', integer(1)), "iothread='N'"), cpuset})),
    pin => pin.iothread,
  ),
  emulatorsched: child('emulatorsched', scheduled({})),
  vcpuscheds: list('vcpusched', scheduled({vcpus: attr('vcpus', nodeSet)})),
  iothreadscheds: list('iothreadsched', scheduled({iothreads: attr('iothreads', nodeSet)})),
  cachetunes: opaqueList('cachetune', CACHETUNE),
  memorytunes: opaqueList('memorytune', MEMORYTUNE),
});

const mode = attr('mode', oneOf('strict', 'preferred', 'interleave', 'restrictive'));

const numaMemory = ofKinds(
  record({mode, nodeset: attr('nodeset', nodeSet), placement: attr('placement', oneOf('static', 'auto'))}),
  'placement',
  {static: {may: ['@nodeset']}, auto: {}},
  'static',
);

const memnode = record({
  cellid: needed(attr('cellid', whole)),
  mode: needed(mode),
  nodeset: needed(attr('nodeset', nodeSet)),
});

const numatune = record({
  memory: child('memory', numaMemory),
  memnodes: list('memnode', memnode),
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
const maxMemory = {slots: needed(attr('slots', whole)), sizeKiB: required(sizeKiB, 'the size')};
export const maxMemoryField = child('maxMemory', record(maxMemory));
