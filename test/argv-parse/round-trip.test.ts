import fc from 'fast-check';
import {expect, test} from 'vitest';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {domainFromNative, domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {quoteNative} from '../../src/driver/argv-parse/quote-native.ts';
import {type DomainDef, devicesOf} from '../../src/model/domain-def.ts';
import {argvInput} from '../argv/live-domain.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

/** Names and paths with what command lines stumble over. */
const awkward = fc
  .array(
    fc.constantFrom(',', ',,', '=', ' ', '"', "'", '\\', '-', 'on', 'é', '日本', '😀', 'a', '{', '}', ':', '.qcow2'),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map(parts => parts.join(''));

const cache = fc.constantFrom(undefined, 'none', 'writeback', 'writethrough', 'directsync', 'unsafe' as const);
const format = fc.constantFrom('raw', 'qcow2' as const);

const disk = (dev: string, bus: 'ide' | 'sata' | 'scsi' | 'virtio') =>
  fc
    .record({path: awkward, format, cache, readonly: fc.boolean()})
    .map(({path, cache: mode, readonly, format: type}) => ({
      kind: 'disk' as const,
      device: 'disk' as const,
      driver: {format: type, ...(mode === undefined ? {} : {cache: mode})},
      source: {type: 'file' as const, path: `/${path}`},
      target: {dev, bus},
      readonly,
      shareable: false,
    }));

const nic = fc.constantFrom(undefined, 'virtio', 'e1000', 'rtl8139').map(model => ({
  kind: 'interface' as const,
  type: 'user' as const,
  mac: '52:54:00:00:00:01',
  ...(model === undefined ? {} : {model}),
}));

const serial = awkward.map(path => ({
  kind: 'serial' as const,
  source: {type: 'file' as const, path: `/${path}`, append: true},
  port: 0,
}));

const domain = fc
  .record({
    name: awkward,
    vcpus: fc.integer({min: 1, max: 8}),
    memoryMiB: fc.integer({min: 1, max: 1 << 20}),
    kernel: fc.option(awkward, {nil: undefined}),
    cmdline: awkward,
    localtime: fc.boolean(),
    acpi: fc.boolean(),
    devices: fc.tuple(
      disk('hdb', 'ide'),
      disk('sdc', 'sata'),
      disk('vda', 'virtio'),
      disk('vdb', 'virtio'),
      nic,
      serial,
    ),
  })
  .map(({name, vcpus, memoryMiB, kernel, cmdline, localtime, acpi, devices}): DomainDef => {
    const base = readDomain(domainXml());
    const kibs = BigInt(memoryMiB) * 1024n;
    return {
      ...base,
      name: `a${name}`,
      vcpus,
      memoryKiB: kibs,
      currentMemoryKiB: kibs,
      os: {...base.os, machine: 'pc', ...(kernel === undefined ? {} : {kernel: `/${kernel}k`, cmdline})},
      features: {...base.features, acpi},
      clock: {offset: localtime ? 'localtime' : 'utc'},
      devices,
    };
  });

/** What both sides know of a domain. */
function meaningOf(def: DomainDef) {
  return {
    name: def.name,
    uuid: def.uuid,
    vcpus: def.vcpus,
    memoryKiB: def.memoryKiB,
    os: [def.os.arch, def.os.machine, def.os.kernel, def.os.cmdline],
    acpi: def.features.acpi,
    clock: def.clock,
    lifecycle: [def.onPoweroff, def.onReboot, def.onCrash],
    disks: devicesOf(def, 'disk').map(({boot: _, ...rest}) => rest),
    nics: devicesOf(def, 'interface').map(({mac, model}) => [mac, model ?? 'e1000']),
    serials: devicesOf(def, 'serial').map(({source, port}) => ({source, port})),
    qemu: def.qemu,
  };
}

test('a command line of ours means the domain that it was made of', () => {
  fc.assert(
    fc.property(domain, def => {
      const argv = renderArgv(buildArgv(argvInput(def, X86_CAPS)));
      const {def: read, problems} = domainFromWords(['/usr/bin/qemu-system-x86_64', ...argv]);
      expect(problems).toEqual([]);
      expect(read && meaningOf(read)).toEqual(meaningOf(def));
    }),
  );
});

test('as a text it means the same', () => {
  fc.assert(
    fc.property(domain, def => {
      const words = ['/usr/bin/qemu-system-x86_64', ...renderArgv(buildArgv(argvInput(def, X86_CAPS)))];
      const fromText = domainFromNative(words.map(quoteNative).join(' \\\n'));
      expect(fromText.def).toEqual(domainFromWords(words).def);
    }),
  );
});
