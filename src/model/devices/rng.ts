import {attr, child, ownTextOrNone, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, within} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import {chardevResources} from './chardev-resources.ts';
import {chardevSource} from './chardev-source.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';
import {virtioDriver, virtioModel} from './virtio-options.ts';

/** Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDeviceDefPostParse. */
export const DEFAULT_RANDOM = '/dev/random';

const positive = within(integer(), 1, 2 ** 32 - 1);

const rate = record({
  bytes: required(attr('bytes', positive), "bytes='N'"),
  periodMs: attr('period', positive),
});

const backend = variants('model', {
  random: record({path: ownTextOrNone(absolutePathText)}),
  egd: record({source: required(chardevSource, "type='unix' or the like")}),
  builtin: record({}),
});

const shape = {
  model: required(attr('model', virtioModel), "model='virtio'"),
  rate: child('rate', rate),
  backend: required(child('backend', backend), "<backend model='random'>/dev/urandom</backend>"),
  driver: child('driver', virtioDriver),
  ...deviceParts,
};

/** A source of random numbers. */
export type RngDef = {readonly kind: 'rng'} & RecordOf<typeof shape>;
export const rngCodec = recordCodec('rng', 'rng', record(shape), {
  isStarted: () => true,
  hostResources: rngResources,
});

function rngResources({backend: source}: RngDef): readonly HostResource[] {
  if (source.model === 'egd') return chardevResources(source, 'rng');
  if (source.model !== 'random') return [];
  const path = source.path ?? DEFAULT_RANDOM;
  return [{role: 'rng', path, type: 'char', access: 'read', shared: true, created: false, device: 'rng'}];
}
