import fc from 'fast-check';
import {ARCH_WORD_SIZES} from '../../src/model/arch.ts';
import type {ChardevSource, ConsoleDef, SerialDef} from '../../src/model/devices/chardev.ts';
import type {DeviceDef} from '../../src/model/devices/device-def.ts';
import {DISK_CACHES, DISK_FORMATS, type DiskDef} from '../../src/model/devices/disk.ts';
import {orderDisks} from '../../src/model/devices/disk-order.ts';
import {driveAddress} from '../../src/model/devices/disk-target.ts';
import type {GraphicsDef} from '../../src/model/devices/graphics.ts';
import type {InterfaceDef} from '../../src/model/devices/interface.ts';
import type {VideoDef} from '../../src/model/devices/video.ts';
import {nameProblem} from '../../src/model/domain/parse-identity.ts';
import {
  BOOT_DEVICES,
  type ClockDef,
  CRASH_ACTIONS,
  DOMAIN_TYPES,
  type DomainDef,
  LIFECYCLE_ACTIONS,
  type OsDef,
} from '../../src/model/domain-def.ts';

/** An object without the keys whose value is undefined, as the program makes them. */
function compact<T extends object>(
  model: {readonly [K in keyof T]: fc.Arbitrary<T[K]>},
  required: readonly (keyof T)[],
) {
  return fc.record<T, keyof T>(model, {requiredKeys: [...required]});
}

/** Any text that XML can carry, with a liking for what has to be escaped. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...`<>&'",;=%\n\t\r]`), fc.string({unit: 'grapheme', minLength: 1, maxLength: 1})),
    maxLength: 20,
  })
  .filter(value => !/[^\t\n\r -\ufffd\u{10000}-\u{10ffff}]/u.test(value));

const trimmed = text.map(value => value.trim()).filter(value => value !== '');
const path = trimmed.map(value => `/${value.replace(/[\n\r]/g, '_')}`);
const name = text
  .map(value => value.replace(/[/\u0000-\u001f\u007f-\u009f]/g, '_'))
  .filter(value => nameProblem(value) === undefined);
const mac = fc
  .uint8Array({minLength: 5, maxLength: 5})
  .map(bytes => ['52', ...Array.from(bytes, byte => byte.toString(16).padStart(2, '0'))].join(':'));

const os: fc.Arbitrary<OsDef> = compact<OsDef>(
  {
    type: fc.constant('hvm'),
    arch: fc.constantFrom(...Object.keys(ARCH_WORD_SIZES)),
    machine: fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
    loader: fc.record({path, type: fc.constantFrom('rom', 'pflash'), readonly: fc.boolean()}),
    kernel: path,
    initrd: path,
    cmdline: trimmed,
    boot: fc.array(fc.constantFrom(...BOOT_DEVICES), {minLength: 1, maxLength: 4}),
    biosUseSerial: fc.boolean(),
  },
  ['type', 'arch', 'boot', 'biosUseSerial'],
);

const clock: fc.Arbitrary<ClockDef> = fc.oneof(
  fc.constantFrom<ClockDef>({offset: 'utc'}, {offset: 'localtime'}),
  fc.record({offset: fc.constant('variable' as const), adjustmentSeconds: fc.integer({min: -2147483647})}),
);

const BUSES = ['ide', 'sata', 'scsi', 'virtio'] as const;
const PREFIX_OF_BUS = {ide: 'hd', sata: 'sd', scsi: 'sd', virtio: 'vd'} as const;

const disk: fc.Arbitrary<DiskDef> = compact<DiskDef>(
  {
    kind: fc.constant('disk'),
    device: fc.constantFrom('disk', 'cdrom'),
    source: fc.record({type: fc.constantFrom('file', 'block'), path}),
    driver: compact<DiskDef['driver']>(
      {format: fc.constantFrom(...DISK_FORMATS), cache: fc.constantFrom(...DISK_CACHES)},
      ['format'],
    ),
    target: fc
      .tuple(fc.constantFrom(...BUSES), fc.constantFrom('a', 'b', 'c', 'd'))
      .map(([bus, letter]) => ({bus, dev: `${PREFIX_OF_BUS[bus]}${letter}`})),
    readonly: fc.boolean(),
    shareable: fc.boolean(),
    serial: fc.stringMatching(/^[A-Za-z0-9_.+-]([A-Za-z0-9_.+ -]{0,10}[A-Za-z0-9_.+-])?$/),
  },
  ['kind', 'device', 'source', 'driver', 'target', 'readonly', 'shareable'],
).map(made => (made.device === 'cdrom' ? {...made, readonly: true} : made));

const disks = fc.uniqueArray(disk, {
  maxLength: 4,
  comparator: (a, b) =>
    a.target.dev === b.target.dev ||
    (a.target.bus === b.target.bus &&
      JSON.stringify(driveAddress(a.target.bus, a.target.dev) ?? a) ===
        JSON.stringify(driveAddress(b.target.bus, b.target.dev) ?? b)),
});

const nic: fc.Arbitrary<InterfaceDef> = compact<{readonly mac: string; readonly model: string}>(
  {mac, model: fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/)},
  ['mac'],
).map(made => ({kind: 'interface', type: 'user', ...made}));

const source: fc.Arbitrary<ChardevSource> = fc.oneof(
  fc.constantFrom<ChardevSource>({type: 'pty'}, {type: 'null'}),
  fc.record({type: fc.constant('file' as const), path, append: fc.boolean()}),
);

const line = compact<Pick<SerialDef, 'source' | 'log'>>({source, log: fc.record({file: path, append: fc.boolean()})}, [
  'source',
]);

const chardevs: fc.Arbitrary<readonly DeviceDef[]> = fc
  .tuple(fc.array(line, {maxLength: 3}), fc.array(line, {maxLength: 2}))
  .map(([lines, virtio]) => {
    const serials = lines.map((made, port): SerialDef => ({kind: 'serial', ...made, port}));
    const first = lines
      .slice(0, 1)
      .map((made): ConsoleDef => ({kind: 'console', targetType: 'serial', ...made, port: 0}));
    const rest = virtio.map(
      (made, index): ConsoleDef => ({kind: 'console', targetType: 'virtio', ...made, port: first.length + index}),
    );
    return [...serials, ...first, ...rest];
  });

const graphics: fc.Arbitrary<GraphicsDef | VideoDef> = fc.oneof(
  fc.constant<VideoDef>({kind: 'video', model: {type: 'none'}}),
  compact<Extract<GraphicsDef, {type: 'vnc'}>>(
    {
      kind: fc.constant('graphics'),
      type: fc.constant('vnc'),
      port: fc.integer({min: 5900, max: 65535}),
      autoport: fc.boolean(),
      listens: fc
        .oneof(fc.ipV4(), fc.constantFrom('::1', '2001:db8::1', 'host-1.example.org'))
        .map(address => [{type: 'address' as const, address}]),
      keymap: fc.constantFrom('de', 'en-us'),
    },
    ['kind', 'type', 'port', 'autoport', 'listens'],
  ).map(vnc => (vnc.autoport ? {...vnc, port: -1} : vnc)),
);

const devices: fc.Arbitrary<readonly DeviceDef[]> = fc
  .tuple(disks, fc.array(nic, {maxLength: 2}), chardevs, fc.option(graphics))
  .map(([drives, nics, lines, screen]) => [...orderDisks(drives), ...nics, ...lines, ...(screen ? [screen] : [])]);

/** Any definition that the program can hold, in the form that reading gives it. */
export const arbitraryDomain: fc.Arbitrary<DomainDef> = compact<DomainDef>(
  {
    // A whole machine is no guest of Xen's.
    type: fc.constantFrom(...DOMAIN_TYPES.filter(type => type !== 'xen')),
    name,
    uuid: fc.uuid(),
    title: text.map(value => value.replace(/[\n\r]/g, ' ')).filter(value => value !== ''),
    description: text.filter(value => value !== ''),
    memoryKiB: fc.bigInt({min: 1n, max: (1n << 54n) - 1n}),
    currentMemoryKiB: fc.bigInt({min: 1n, max: (1n << 54n) - 1n}),
    vcpus: fc.integer({min: 1, max: 255}),
    os,
    features: fc.record({acpi: fc.boolean(), apic: fc.boolean(), pae: fc.boolean()}),
    clock,
    onPoweroff: fc.constantFrom(...LIFECYCLE_ACTIONS),
    onReboot: fc.constantFrom(...LIFECYCLE_ACTIONS),
    onCrash: fc.constantFrom(...CRASH_ACTIONS),
    emulator: path,
    devices,
  },
  [
    'type',
    'name',
    'uuid',
    'memoryKiB',
    'currentMemoryKiB',
    'vcpus',
    'os',
    'features',
    'clock',
    'onPoweroff',
    'onReboot',
    'onCrash',
    'devices',
  ],
).map(def => (def.currentMemoryKiB > def.memoryKiB ? {...def, currentMemoryKiB: def.memoryKiB} : def));
