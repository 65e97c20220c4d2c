import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatProblem} from '../../src/base/problem.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {omitUndefined} from '../../src/driver/argv-parse/omit-undefined.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {DISK_CACHES, type DiskDef} from '../../src/model/devices/disk.ts';
import type {BackingStore} from '../../src/model/devices/disk-backing.ts';
import {type DomainDef, devicesOf} from '../../src/model/domain-def.ts';
import {argvInput} from '../argv/live-domain.ts';
import {DISK_CAPS, PLAIN_CAPS} from '../argv/sample-caps.ts';
import {canonicalArgv} from '../conformance/canonical-argv.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const GOLDENS = join(import.meta.dirname, '../argv/goldens');
const EMULATOR = '/usr/bin/qemu-system-x86_64';

/** What a disk is, without where it is in the boot order. */
function meaningOf(def: DomainDef, caps: EmulatorCaps): readonly string[] {
  return canonicalArgv(renderArgv(buildArgv(argvInput(def, caps))))
    .filter(option => /^-(device|drive|blockdev|chardev|object|global) /.test(option))
    .map(option => option.replace(/ bootindex=\d+/, '').replaceAll(/(obj|pr-helper-)libvirt-\d+/g, '$1libvirt'))
    .filter(option => !option.includes('isa-fdc.bootindex'));
}

test.each<[string, EmulatorCaps, readonly string[]]>([
  ['pc-disk-images', DISK_CAPS, []],
  [
    'pc-network-disks',
    DISK_CAPS,
    ["the cookies of 'libvirt-2-storage-httpcookie-secret0' are left out: write them into <cookies>"],
  ],
  ['pc-old-disks', PLAIN_CAPS, []],
])('the disks of %s mean the same when their command line has been read', (name, caps, warnings) => {
  const def = readDomain(readFileSync(join(GOLDENS, `${name}.xml`), 'utf8'));
  const words = renderArgv(buildArgv(argvInput(def, caps)));
  const {def: read, problems} = domainFromWords([EMULATOR, ...words]);
  expect(problems.map(formatProblem)).toEqual(warnings);
  if (!read) throw new Error('it is not read');
  expect(read.qemu).toBeUndefined();
  const written = meaningOf(def, caps).map(option =>
    option.replace(' cookie-secret=libvirt-2-storage-httpcookie-secret0', ''),
  );
  expect(meaningOf(read, caps)).toEqual(written);
});

test('a secret is the one that its file says', () => {
  const def = readDomain(readFileSync(join(GOLDENS, 'pc-network-disks.xml'), 'utf8'));
  const {def: read} = domainFromWords([EMULATOR, ...renderArgv(buildArgv(argvInput(def, DISK_CAPS)))]);
  const secretsOf = (disks: DomainDef) =>
    devicesOf(disks, 'disk').flatMap(({auth, source, target}) => {
      const own = source && 'auth' in source ? source.auth : undefined;
      const {uuid, usage} = (own ?? auth)?.secret ?? {};
      const encryption = source && 'encryption' in source ? source.encryption?.secrets?.[0]?.uuid : undefined;
      return [[target.dev, uuid, usage, encryption]];
    });
  expect(read && secretsOf(read)).toEqual(secretsOf(def));
});

/** Names with what command lines, JSON and URIs stumble over. */
const awkward = fc
  .array(
    fc.constantFrom(
      ',',
      ',,',
      '=',
      ' ',
      '"',
      "'",
      '\\',
      '-',
      '%',
      '%2C',
      '?',
      '#',
      '&',
      ':',
      '@',
      'é',
      '😀',
      'a',
      '{',
      '}',
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map(parts => parts.join(''));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, {nil: undefined});
const path = awkward.map(name => `/${name}`);
const host = fc
  .record({name: fc.constantFrom('example.org', '::1', '192.0.2.1'), port: optional(fc.integer({min: 1, max: 65535}))})
  .map(made => omitUndefined(made));
const uuid = fc.uuid();
const auth = (type: string) =>
  optional(
    fc.record({username: awkward, uuid}).map(made => ({username: made.username, secret: {type, uuid: made.uuid}})),
  );
const slices = optional(
  fc
    .record({offset: fc.nat(), size: fc.integer({min: 1})})
    .map(({offset, size}) => [{type: 'storage' as const, offsetBytes: BigInt(offset), sizeBytes: BigInt(size)}]),
);

type Source = NonNullable<DiskDef['source']>;

const network = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Source> =>
  // The decoder: every protocol has the parts that its shape gives it.
  fc.record(shape).map(made => ({type: 'network', ...omitUndefined(made)}) as Source);

const source: fc.Arbitrary<Source> = fc.oneof(
  fc.record({type: fc.constantFrom('file', 'block'), path}),
  network({
    protocol: fc.constant('nbd'),
    name: optional(awkward),
    hosts: fc.oneof(
      host.map(made => [made]),
      path.map(socket => [{transport: 'unix' as const, socket}]),
    ),
    tls: optional(fc.constant(true)),
    reconnectDelaySeconds: optional(fc.integer({min: 1, max: 100})),
  }),
  network({
    protocol: fc.constant('rbd'),
    name: awkward.map(name => `pool/${name}`),
    hosts: optional(fc.array(host, {minLength: 1, maxLength: 3})),
    snapshot: optional(awkward),
    auth: auth('ceph'),
  }),
  network({
    protocol: fc.constant('iscsi'),
    name: fc.nat().map(unit => `iqn.1992-01.com.example:a/${unit}`),
    hosts: host.map(made => [made]),
    initiator: optional(awkward),
    auth: auth('iscsi'),
  }),
  network({
    protocol: fc.constant('gluster'),
    name: awkward.map(name => `v/${name}`),
    hosts: fc.array(host, {minLength: 1, maxLength: 3}),
  }),
  network({
    protocol: fc.constantFrom('http', 'https', 'ftp', 'ftps'),
    name: awkward.map(name => `/${name}`),
    hosts: host.map(made => [made]),
    query: optional(fc.constantFrom('a=b', 'a=%20&b=c')),
    timeoutSeconds: optional(fc.integer({min: 1, max: 100})),
    sslVerify: optional(fc.boolean()),
    auth: auth('iscsi'),
  }),
  network({protocol: fc.constant('ssh'), name: path, hosts: host.map(made => [made])}),
);

const encryption = optional(
  uuid.map(id => ({format: 'luks' as const, secrets: [{type: 'passphrase' as const, uuid: id}]})),
);

const image = fc
  .record({source, format: fc.constantFrom('raw', 'qcow2' as const), slices, encryption})
  .map(({source: from, format, ...more}) => ({source: {...from, ...omitUndefined(more)} as Source, format}));

const disk: fc.Arbitrary<DiskDef> = fc
  .record({
    image,
    below: fc.array(image, {maxLength: 2}),
    isEnd: fc.boolean(),
    cache: optional(fc.constantFrom(...DISK_CACHES.filter(mode => mode !== 'default'))),
    discard: optional(fc.constantFrom('unmap', 'ignore' as const)),
    detectZeroes: optional(fc.constantFrom('on', 'off' as const)),
    copyOnRead: optional(fc.constant(true)),
    readonly: fc.boolean(),
  })
  .map(({image: top, below, isEnd, readonly, ...driver}) => {
    const end: BackingStore | undefined = isEnd ? {} : undefined;
    const chain = below.reduceRight<BackingStore | undefined>(
      (store, {source: from, format}) => ({
        source: from,
        format: {type: format},
        ...(store && format === 'qcow2' ? {backingStore: store} : {}),
      }),
      end,
    );
    const backing = chain && top.format === 'qcow2' ? {backingStore: chain} : {};
    return {
      kind: 'disk',
      device: 'disk',
      driver: {format: top.format, ...omitUndefined(driver)},
      source: top.source,
      target: {dev: 'vda', bus: 'virtio'},
      readonly,
      shareable: false,
      ...backing,
    };
  });

test('whatever a disk is made of means the same when its command line has been read', () => {
  fc.assert(
    fc.property(disk, made => {
      const def = {...readDomain(domainXml({os: "<os><type machine='pc'>hvm</type></os>"})), devices: [made]};
      const {def: read, problems} = domainFromWords([EMULATOR, ...renderArgv(buildArgv(argvInput(def, DISK_CAPS)))]);
      expect(problems).toEqual([]);
      expect(read?.qemu).toBeUndefined();
      expect(read && meaningOf(read, DISK_CAPS)).toEqual(meaningOf(def, DISK_CAPS));
    }),
    {numRuns: 300},
  );
});
