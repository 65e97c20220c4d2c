import {attr, child, childAttr, needed, presence, withDefault} from '../fields/element-fields.ts';
import {checkKindOf, type KindRules, ofKinds} from '../fields/kinds.ts';
import {genericName} from '../fields/names.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, matching, oneOf, onOff, text, written} from '../fields/scalar.ts';
import {sizeBytes, unitText} from '../fields/size.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';
import {virtioModel, virtioOptions} from './virtio-options.ts';

const driver = record({
  type: attr('type', oneOf('path', 'handle', 'loop', 'nbd', 'ploop', 'virtiofs')),
  format: attr('format', text),
  wrpolicy: attr('wrpolicy', oneOf('immediate')),
  queue: attr('queue', integer()),
  ...virtioOptions,
});

/** The daemon of virtiofs. */
const binary = record({
  path: attr('path', absolutePathText),
  xattr: attr('xattr', onOff),
  cacheMode: child('cache', attr('mode', oneOf('none', 'always'))),
  sandboxMode: child('sandbox', attr('mode', oneOf('namespace', 'chroot'))),
  lock: child('lock', record({posix: attr('posix', onOff), flock: attr('flock', onOff)})),
  threadPoolSize: child('thread_pool', attr('size', integer())),
});

const absolute = written(text, /^(?:\/|[a-zA-Z]:\\)./, "an absolute path: begin it with '/'");

/** Which of them counts is up to the type. */
const source = record({
  dir: attr('dir', written(text, /^\//, "an absolute path: begin it with '/'")),
  file: attr('file', absolute),
  dev: attr('dev', absolute),
  name: attr('name', genericName),
  socket: attr('socket', absolutePathText),
  usage: attr('usage', integer()),
  units: attr('units', unitText),
  pool: attr('pool', text),
  volume: attr('volume', text),
});

const DRIVER_KINDS: KindRules = {
  virtiofs: {may: ['@queue']},
  ...Object.fromEntries(
    ['path', 'handle', 'loop', 'nbd', 'ploop'].map(type => [type, {may: ['@format', '@wrpolicy']}]),
  ),
};

const shape = {
  type: withDefault(attr('type', oneOf('mount', 'template', 'file', 'block', 'ram', 'bind', 'volume')), 'mount'),
  accessmode: withDefault(attr('accessmode', oneOf('passthrough', 'mapped', 'squash')), 'passthrough'),
  model: attr('model', virtioModel),
  fmode: attr('fmode', matching(/^[0-7]{1,4}$/, 'an octal mode')),
  dmode: attr('dmode', matching(/^[0-7]{1,4}$/, 'an octal mode')),
  multidevs: attr('multidevs', oneOf('default', 'remap', 'forbid', 'warn')),
  driver: child('driver', ofKinds(driver, 'type', DRIVER_KINDS, 'path')),
  binary: child('binary', binary),
  source: child('source', source),
  target: needed(childAttr('target', 'dir', text)),
  readonly: presence('readonly'),
  spaceHardLimitBytes: child('space_hard_limit', sizeBytes),
  spaceSoftLimitBytes: child('space_soft_limit', sizeBytes),
  ...deviceParts,
};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, filesystem. */
const KINDS: KindRules = {
  mount: {must: ['source'], may: ['binary']},
  template: {must: ['source']},
  file: {must: ['source']},
  block: {must: ['source']},
  ram: {must: ['source']},
  bind: {must: ['source']},
};

const SOURCE_KINDS: KindRules = {
  mount: {may: ['@dir', '@socket']},
  bind: {must: ['@dir']},
  template: {must: ['@name']},
  file: {must: ['@file']},
  block: {must: ['@dev']},
  ram: {must: ['@usage'], may: ['@units']},
  volume: {must: ['@pool', '@volume']},
};

const filesystemRecord = ofKinds(record(shape), 'type', KINDS, 'mount');

const filesystemField: typeof filesystemRecord = {
  ...filesystemRecord,
  read: (reader, context) => {
    const value = filesystemRecord.read(reader, context);
    const of = reader.child('source');
    const type = reader.attribute('type') ?? 'mount';
    if (of?.isStrict) {
      checkKindOf(of, `the <source> of type '${type}'`, type, SOURCE_KINDS);
      if (type === 'mount' && of.attribute('dir') === undefined && of.attribute('socket') === undefined)
        of.schemaError('<source> needs a dir or a socket');
    }
    return value;
  },
};

/** A directory of the host that the guest can mount. */
export type FilesystemDef = {readonly kind: 'filesystem'} & RecordOf<typeof shape>;
export const filesystemCodec = recordCodec('filesystem', 'filesystem', filesystemField, {
  isStarted: ({type, driver: made}) => type === 'mount' && STARTED_DRIVERS.includes(made?.type ?? 'path'),
  hostResources: filesystemResources,
});

/** What QEMU can share: a directory over 9p, in two ways, or through a daemon of its own. */
const STARTED_DRIVERS: readonly string[] = ['path', 'handle', 'virtiofs'];

/** A directory may be shared with several guests; the socket of a daemon serves one. */
function filesystemResources({source: made, readonly, target}: FilesystemDef): readonly HostResource[] {
  const device = `filesystem ${target ?? ''}`.trimEnd();
  const common = {role: 'filesystem', created: false, device} as const;
  const access = readonly ? 'read' : 'write';
  if (made?.socket !== undefined)
    return [{...common, path: made.socket, type: 'socket', access: 'write', shared: false}];
  return made?.dir?.startsWith('/') ? [{...common, path: made.dir, type: 'dir', access, shared: true}] : [];
}
