import {expect, test} from 'vitest';
import {featureParts} from '../../src/driver/domain-caps/feature-parts.ts';
import {loaderSupport} from '../../src/driver/domain-caps/loader-support.ts';
import type {FirmwareDescriptor} from '../../src/driver/firmware/firmware-descriptor.ts';
import {caps} from '../model/sample-capabilities.ts';

function flash(path: string, machines: readonly string[], features: readonly string[] = []): FirmwareDescriptor {
  return {
    path: '/d.json',
    interfaces: ['uefi'],
    mapping: {device: 'flash', mode: 'split', executable: {path, format: 'raw'}},
    targets: [{arch: 'x86_64', machines}],
    features: new Set(features),
  };
}

const FIRMWARE: readonly FirmwareDescriptor[] = [
  flash('/ms.fd', ['pc-q35-*'], ['requires-smm', 'secure-boot']),
  flash('/plain.fd', ['pc-i440fx-*', 'pc-q35-*']),
  {...flash('/plain.fd', ['pc-q35-*']), interfaces: ['bios'], mapping: {device: 'memory', path: '/bios.bin'}},
  {...flash('/kernel', ['pc-q35-*']), mapping: {device: 'kernel', path: '/kernel'}},
];

const WITH_FLASH = caps('x86_64', {devices: new Set(['cfi.pflash01'])});

test('firmware is what packages describe for the board, in their order', () => {
  const around = {caps: WITH_FLASH, arch: 'x86_64', firmware: FIRMWARE};
  expect(loaderSupport({...around, machine: 'pc-q35-7.2'})).toEqual({
    firmware: ['bios', 'efi'],
    loader: {paths: ['/ms.fd', '/plain.fd', '/bios.bin'], types: ['rom', 'pflash'], hasSecureBoot: true},
  });
  expect(loaderSupport({...around, machine: 'pc-i440fx-7.2'})).toEqual({
    firmware: ['efi'],
    loader: {paths: ['/plain.fd'], types: ['rom', 'pflash'], hasSecureBoot: false},
  });
  expect(loaderSupport({...around, caps: caps('s390x'), arch: 's390x', machine: undefined})).toEqual({
    firmware: [],
    loader: {paths: [], types: ['rom'], hasSecureBoot: false},
  });
});

test('features are told by devices, flags and what the accelerator has', () => {
  const own = caps('x86_64', {
    devices: new Set(['vmcoreinfo', 'vmgenid']),
    flags: new Set(['qmp', 'blockdev', 'incremental-backup']),
  });
  const accelerator = {
    cpuModels: [],
    bestCpu: undefined,
    hyperv: ['relaxed', 'vapic'],
    gicVersions: [2, 3],
    sev: undefined,
    sgx: undefined,
  };
  const words = (arch: string, machine: string, more: Partial<Parameters<typeof featureParts>[0]> = {}) =>
    featureParts({caps: own, arch, machine, accelerator, protectedGuests: false, ...more})
      .filter(({supported}) => supported)
      .map(({name, enums}) => [name, ...enums.flatMap(({values}) => values)].join(' '));
  const common = ['vmcoreinfo', 'genid', 'backingStoreInput', 'backup'];
  expect(words('x86_64', 'pc')).toEqual([...common, 'hyperv relaxed vapic']);
  expect(words('aarch64', 'virt-7.2')).toEqual(['gic 2 3', ...common]);
  expect(words('aarch64', 'raspi3b')).toEqual(common);
  expect(words('s390x', 's390-ccw-virtio', {protectedGuests: true})).toEqual([...common, 's390-pv']);
  expect(words('x86_64', 'pc', {caps: caps('x86_64'), accelerator: undefined})).toEqual([]);
});
