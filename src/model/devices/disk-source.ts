import {deviceSeclabels} from '../domain/seclabel.ts';
import {attr, child, list, required, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {kept} from '../fields/kept.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {absolutePathText, big, integer, oneOf, text, yesNo} from '../fields/scalar.ts';
import {pciAddressField} from './address.ts';
import {authField, networkParts} from './disk-network.ts';

const encryptionSecret = record({
  type: withDefault(attr('type', oneOf('passphrase')), 'passphrase'),
  uuid: attr('uuid', text),
  usage: attr('usage', text),
});

/** How the image is encrypted. Source: libvirt 9.0.0, docs/formatstorageencryption. */
export const encryptionField = record({
  format: required(attr('format', oneOf('default', 'qcow', 'luks', 'luks2', 'luks-any')), "format='luks'"),
  engine: attr('engine', oneOf('qemu', 'librbd')),
  secrets: list('secret', encryptionSecret),
});

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
    }),
  ),
});

/** What every source may have. */
const common = {
  startupPolicy: attr('startupPolicy', oneOf('mandatory', 'requisite', 'optional')),
  slices: kept(child('slices', list('slice', slice))),
  seclabels: kept(deviceSeclabels),
  auth: kept(child('auth', authField)),
  encryption: kept(child('encryption', encryptionField)),
  reservations: kept(child('reservations', reservations)),
};

const {startupPolicy, slices, seclabels, auth, encryption, reservations: pr} = common;
const after = {slices, seclabels, auth, encryption, reservations: pr};

/** The number of an image is a running libvirt's, not a wish. */
function image<T>(field: Field<T>): Field<T> {
  return {
    ...field,
    read: (reader, context) => {
      reader.tolerateAttributes('index');
      return field.read(reader, context);
    },
  };
}

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
  file: image(record({path: required(attr('file', absolutePathText), "file='PATH'"), startupPolicy, ...after})),
  block: image(record({path: required(attr('dev', absolutePathText), "dev='PATH'"), startupPolicy, ...after})),
  dir: image(record({path: required(attr('dir', absolutePathText), "dir='PATH'"), startupPolicy, ...after})),
  network: image(record({...networkParts, startupPolicy, ...after})),
  volume: image(
    record({
      pool: required(attr('pool', text), "pool='NAME'"),
      volume: required(attr('volume', text), "volume='NAME'"),
      mode: attr('mode', oneOf('direct', 'host')),
      startupPolicy,
      ...after,
    }),
  ),
  nvme: withConstant(
    'pci',
    record({
      managed: withDefault(attr('managed', yesNo), false),
      namespace: required(attr('namespace', integer(1)), "namespace='1'"),
      address: required(child('address', pciAddressField), '<address>'),
      ...after,
    }),
  ),
  vhostuser: withConstant(
    'unix',
    record({
      path: required(attr('path', absolutePathText), "path='PATH'"),
      reconnect: child(
        'reconnect',
        record({enabled: attr('enabled', yesNo), timeoutSeconds: attr('timeout', integer())}),
      ),
    }),
  ),
} as const satisfies Readonly<Record<string, Field<object>>>;

export type DiskSourceType = keyof typeof DISK_SOURCES;

type Flat<T> = {[K in keyof T]: T[K]};

/** Where the bytes of a disk are. */
export type DiskSource = {
  readonly [Type in DiskSourceType]: Flat<{readonly type: Type} & ValueOf<(typeof DISK_SOURCES)[Type]>>;
}[DiskSourceType];
