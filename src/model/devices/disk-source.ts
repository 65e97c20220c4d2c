import {deviceSeclabels} from '../domain/seclabel.ts';
import {attr, child, list, needed, required, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {kept} from '../fields/kept.ts';
import {checkKind, checkKindOf, eitherOr, type KindRules, single} from '../fields/kinds.ts';
import {whileLive} from '../fields/live.ts';
import {hostPath, isDeviceName, objectName} from '../fields/names.ts';
import {opaqueChild} from '../fields/opaque.ts';
import {type RecordOf, record, type ValueOf} from '../fields/record.ts';
import {absolutePathText, big, integer, oneOf, text, written, yesNo} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {pciAddressField} from './address.ts';
import {authField, MANY_HOSTS, networkParts, PROTOCOL_KINDS} from './disk-network.ts';

const encryptionSecret = eitherOr(
  record({
    type: withDefault(needed(attr('type', oneOf('passphrase'))), 'passphrase'),
    uuid: attr('uuid', uuidText),
    usage: attr('usage', text),
  }),
  '@uuid',
  '@usage',
);

const encryption = {
  format: required(attr('format', oneOf('default', 'qcow', 'luks', 'luks2', 'luks-any')), "format='luks'"),
  engine: attr('engine', oneOf('qemu', 'librbd')),
  secrets: single(list('secret', encryptionSecret)),
  /** How a volume is made, which nothing here does. */
  cipher: opaqueChild('cipher'),
  ivgen: opaqueChild('ivgen'),
};

/** How the image is encrypted. Source: libvirt 9.0.0, docs/formatstorageencryption. */
export const encryptionField = record(encryption);
export type EncryptionDef = RecordOf<typeof encryption>;

const reconnect = record({enabled: needed(attr('enabled', yesNo)), timeoutSeconds: attr('timeout', integer())});

const positive = written(big, /^0*[1-9][0-9]*$/, 'a decimal number above 0');

const slice = record({
  type: required(attr('type', oneOf('storage')), "type='storage'"),
  offsetBytes: required(attr('offset', big), "offset='N'"),
  sizeBytes: required(attr('size', positive), "size='N'"),
});

const reservations = record({
  managed: withDefault(attr('managed', yesNo), false),
  source: child(
    'source',
    record({
      type: required(attr('type', oneOf('unix')), "type='unix'"),
      path: needed(attr('path', absolutePathText)),
      mode: needed(attr('mode', oneOf('client', 'server'))),
      reconnect: child('reconnect', reconnect),
    }),
  ),
});

const startupPolicy = attr('startupPolicy', oneOf('mandatory', 'requisite', 'optional'));

/** The number of an image of a running domain, by which its block nodes are named; in another text it is no wish. */
export const imageIndex = whileLive(attr('index', integer(1)));

/** What every source may have. */
const after = {
  index: imageIndex,
  slices: child('slices', single(needed(list('slice', slice)))),
  seclabels: deviceSeclabels,
  auth: child('auth', authField),
  encryption: child('encryption', encryptionField),
  reservations: child('reservations', reservations),
};

/** A source whose own attribute `type` has one value only. */
function withConstant<T>(type: string, field: Field<T>): Field<T> {
  return {
    read: (reader, context) => {
      reader.choice('type', [type]);
      if (reader.attribute('type') === undefined)
        reader.schemaError(`<source> is not complete: type='${type}' is missing`);
      return field.read(reader, context);
    },
    write: (value, into, context) => {
      into.attributes.push(['type', type]);
      field.write(value, into, context);
    },
  };
}

const blockDevice = written(
  hostPath,
  path => /^(?:\/|[a-zA-Z]:\\)./.test(path) || isDeviceName(path),
  'a path or the name of a device',
);

/** One field for each type of source; they are parts of `<source>`. */
export const DISK_SOURCES = {
  file: record({
    path: required(attr('file', absolutePathText), "file='PATH'"),
    /** Open files that a client of libvirt handed over. */
    fdgroup: attr('fdgroup', text),
    startupPolicy,
    ...after,
  }),
  block: record({path: required(attr('dev', blockDevice), "dev='PATH'"), startupPolicy, ...after}),
  dir: record({path: required(attr('dir', absolutePathText), "dir='PATH'"), startupPolicy, ...after}),
  network: record({...networkParts, startupPolicy, ...after}),
  volume: record({
    pool: required(attr('pool', objectName), "pool='NAME'"),
    volume: required(attr('volume', objectName), "volume='NAME'"),
    mode: attr('mode', oneOf('direct', 'host')),
    startupPolicy,
    ...after,
  }),
  nvme: withConstant(
    'pci',
    record({
      /** Whether the driver takes the device from the host's kernel and gives it back. */
      managed: withDefault(kept(attr('managed', yesNo)), false),
      namespace: required(attr('namespace', integer(1)), "namespace='1'"),
      address: required(child('address', pciAddressField), '<address>'),
      startupPolicy,
      ...after,
    }),
  ),
  vhostuser: withConstant(
    'unix',
    record({
      path: required(attr('path', absolutePathText), "path='PATH'"),
      reconnect: child('reconnect', reconnect),
    }),
  ),
  vhostvdpa: record({path: required(attr('dev', blockDevice), "dev='PATH'"), index: imageIndex}),
} as const satisfies Readonly<Record<string, Field<object>>>;

export type DiskSourceType = keyof typeof DISK_SOURCES;

type Flat<T> = {[K in keyof T]: T[K]};

/** Where the bytes of a disk are. */
export type DiskSource = {
  readonly [Type in DiskSourceType]: Flat<{readonly type: Type} & ValueOf<(typeof DISK_SOURCES)[Type]>>;
}[DiskSourceType];

const STORED = ['@index', '@startupPolicy', 'slices', 'encryption'];

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, diskSource*. */
const SOURCE_KINDS: KindRules = {
  file: {may: [...STORED, 'seclabel']},
  block: {may: [...STORED, 'seclabel', 'reservations']},
  dir: {must: ['@dir'], may: STORED},
  network: {may: ['@index', 'slices', 'auth', 'encryption']},
  volume: {may: [...STORED, 'seclabel']},
  nvme: {may: STORED},
  vhostuser: {},
};

/** What the schema has against a source, besides its values. */
export function checkSourceForm(source: ElementReader, type: DiskSourceType): void {
  if (type !== 'network' && type !== 'vhostuser') source.allowIdle('@index', '@startupPolicy');
  if (type === 'network') source.allowIdle('@index');
  checkKindOf(source, `the <source> of type '${type}'`, type, SOURCE_KINDS);
  if (type !== 'network') return;
  checkKind(source, 'protocol', PROTOCOL_KINDS);
  const hosts = source.children('host');
  const protocol = source.attribute('protocol') ?? '';
  if (hosts.length > 1 && !MANY_HOSTS.has(protocol))
    hosts[1]?.schemaError(`the protocol '${protocol}' takes one <host>`);
}
