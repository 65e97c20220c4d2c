import {deviceSeclabels} from '../domain/seclabel.ts';
import {attr, child, list, required, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {kept} from '../fields/kept.ts';
import {whileLive} from '../fields/live.ts';
import {opaqueChild} from '../fields/opaque.ts';
import {type RecordOf, record, type ValueOf} from '../fields/record.ts';
import {absolutePathText, big, integer, oneOf, text, yesNo} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';
import {pciAddressField} from './address.ts';
import {authField, networkParts} from './disk-network.ts';

const encryptionSecret = record({
  type: withDefault(attr('type', oneOf('passphrase')), 'passphrase'),
  uuid: attr('uuid', uuidText),
  usage: attr('usage', text),
});

const encryption = {
  format: required(attr('format', oneOf('default', 'qcow', 'luks', 'luks2', 'luks-any')), "format='luks'"),
  engine: attr('engine', oneOf('qemu', 'librbd')),
  secrets: list('secret', encryptionSecret),
  /** How a volume is made, which nothing here does. */
  cipher: opaqueChild('cipher'),
  ivgen: opaqueChild('ivgen'),
};

/** How the image is encrypted. Source: libvirt 9.0.0, docs/formatstorageencryption. */
export const encryptionField = record(encryption);
export type EncryptionDef = RecordOf<typeof encryption>;

const reconnect = record({enabled: attr('enabled', yesNo), timeoutSeconds: attr('timeout', integer())});

const slice = record({
  type: required(attr('type', oneOf('storage')), "type='storage'"),
  offsetBytes: required(attr('offset', big), "offset='N'"),
  sizeBytes: required(attr('size', big), "size='N'"),
});

const reservations = record({
  managed: withDefault(attr('managed', yesNo), false),
  source: child(
    'source',
    record({
      type: required(attr('type', oneOf('unix')), "type='unix'"),
      path: attr('path', absolutePathText),
      mode: attr('mode', oneOf('client', 'server')),
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
  slices: child('slices', list('slice', slice)),
  seclabels: kept(deviceSeclabels),
  auth: child('auth', authField),
  encryption: child('encryption', encryptionField),
  reservations: child('reservations', reservations),
};

/** A source whose own attribute `type` has one value only. */
function withConstant<T>(type: string, field: Field<T>): Field<T> {
  return {
    read: (reader, context) => {
      reader.choice('type', [type]);
      return field.read(reader, context);
    },
    write: (value, into, context) => {
      into.attributes.push(['type', type]);
      field.write(value, into, context);
    },
  };
}

/** One field for each type of source; they are parts of `<source>`. */
export const DISK_SOURCES = {
  file: record({
    path: required(attr('file', absolutePathText), "file='PATH'"),
    /** Open files that a client of libvirt handed over. */
    fdgroup: attr('fdgroup', text),
    startupPolicy,
    ...after,
  }),
  block: record({path: required(attr('dev', absolutePathText), "dev='PATH'"), startupPolicy, ...after}),
  dir: record({path: required(attr('dir', absolutePathText), "dir='PATH'"), startupPolicy, ...after}),
  network: record({...networkParts, startupPolicy, ...after}),
  volume: record({
    pool: required(attr('pool', text), "pool='NAME'"),
    volume: required(attr('volume', text), "volume='NAME'"),
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
  vhostvdpa: record({path: required(attr('dev', absolutePathText), "dev='PATH'"), index: imageIndex}),
} as const satisfies Readonly<Record<string, Field<object>>>;

export type DiskSourceType = keyof typeof DISK_SOURCES;

type Flat<T> = {[K in keyof T]: T[K]};

/** Where the bytes of a disk are. */
export type DiskSource = {
  readonly [Type in DiskSourceType]: Flat<{readonly type: Type} & ValueOf<(typeof DISK_SOURCES)[Type]>>;
}[DiskSourceType];
