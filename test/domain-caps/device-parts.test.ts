import {describe, expect, test} from 'vitest';
import {type DeviceSurroundings, deviceParts} from '../../src/driver/domain-caps/device-parts.ts';
import type {EmulatorFlag} from '../../src/model/emulator-flags.ts';
import {caps} from '../model/sample-capabilities.ts';

interface Emulator {
  readonly devices?: readonly string[];
  readonly flags?: readonly EmulatorFlag[];
}

/** The words of every enum that has any, by `device/enum`. */
function wordsOf(emulator: Emulator, around: Partial<DeviceSurroundings> = {}): Readonly<Record<string, string>> {
  const {devices = [], flags = []} = emulator;
  const own = caps('x86_64', {devices: new Set(devices), flags: new Set(['qmp', ...flags])});
  const place = {caps: own, arch: 'x86_64', machine: 'pc-i440fx-7.2', iommu: false, tpmVersions: []};
  const parts = deviceParts({...place, ...around});
  const enums = parts.flatMap(({name, enums: all}) => all.map(one => [`${name}/${one.name}`, one.values.join(' ')]));
  return Object.fromEntries(enums.filter(([, values]) => values !== ''));
}

describe('the devices that domains can have', () => {
  test('are few where the emulator has none', () => {
    expect(wordsOf({})).toEqual({
      'disk/diskDevice': 'disk cdrom',
      'video/modelType': 'none',
      'channel/type': 'pty unix',
    });
  });

  test('are disks on the buses that it has devices for', () => {
    const devices = ['ide-hd', 'isa-fdc', 'scsi-hd', 'scsi-block', 'virtio-blk-pci', 'usb-storage', 'ich9-ahci'];
    expect(wordsOf({devices})).toMatchObject({
      'disk/diskDevice': 'disk cdrom floppy lun',
      'disk/bus': 'ide fdc scsi virtio usb sata',
      'disk/model': 'virtio',
    });
    expect(wordsOf({devices}, {machine: 'pc-q35-7.2'})['disk/bus']).toBe('fdc scsi virtio usb sata');
    expect(wordsOf({devices}, {machine: 'pseries-7.2', arch: 'ppc64'})).toMatchObject({
      'disk/diskDevice': 'disk cdrom lun',
      'disk/bus': 'scsi virtio usb sata',
    });
    expect(wordsOf({devices: ['virtio-blk-ccw']}, {arch: 's390x', machine: 's390-ccw-virtio-7.2'})).toMatchObject({
      'disk/bus': 'virtio',
    });
  });

  test('are virtio devices of both ages where it has both', () => {
    const kinds = ['', '-transitional', '-non-transitional'];
    const devices = kinds.flatMap(kind => [`virtio-blk-pci${kind}`, `virtio-rng-pci${kind}`]);
    const all = 'virtio virtio-transitional virtio-non-transitional';
    expect(wordsOf({devices, flags: ['rng-random', 'rng-builtin']})).toMatchObject({
      'disk/model': all,
      'rng/model': all,
      'rng/backendModel': 'random builtin',
    });
  });

  test('are screens and adapters that it was built with', () => {
    const flags: EmulatorFlag[] = ['vnc', 'display-sdl', 'spice', 'display-egl-headless', 'display-dbus'];
    const devices = ['VGA', 'cirrus-vga', 'vmware-svga', 'qxl', 'virtio-gpu-pci', 'bochs-display', 'ramfb'];
    expect(wordsOf({devices, flags: [...flags, 'chardev-spicevmc']})).toMatchObject({
      'graphics/type': 'sdl vnc spice egl-headless dbus',
      'video/modelType': 'vga cirrus vmvga qxl virtio none bochs ramfb',
      'channel/type': 'pty unix spicevmc',
    });
  });

  test('are devices of the host, by VFIO where there is an IOMMU', () => {
    const devices = ['usb-host', 'vfio-pci', 'scsi-generic', 'usb-redir'];
    expect(wordsOf({devices})).toMatchObject({
      'hostdev/mode': 'subsystem',
      'hostdev/subsysType': 'usb pci scsi',
      'redirdev/bus': 'usb',
    });
    expect(wordsOf({devices})).not.toHaveProperty('hostdev/pciBackend');
    expect(wordsOf({devices}, {iommu: true})).toMatchObject({'hostdev/pciBackend': 'default vfio'});
  });

  test('are TPMs of the versions that the host can emulate, and folders of the host', () => {
    const emulator = {
      devices: ['tpm-tis', 'tpm-crb', 'virtio-9p-pci', 'vhost-user-fs-pci'],
      flags: ['tpm-passthrough', 'tpm-emulator'] as const,
    };
    expect(wordsOf(emulator, {tpmVersions: ['2.0']})).toMatchObject({
      'tpm/model': 'tpm-tis tpm-crb',
      'tpm/backendModel': 'passthrough emulator external',
      'tpm/backendVersion': '2.0',
      'filesystem/driverType': 'path virtiofs',
    });
  });

  test('are those of its days for an emulator that tells of none', () => {
    const old = caps('x86_64', {flags: new Set(['vnc', 'sdl', 'vga', 'drive'])});
    expect(wordsOf({}, {caps: old})).toMatchObject({
      'disk/bus': 'ide fdc scsi virtio usb',
      'graphics/type': 'sdl vnc',
      'video/modelType': 'vga cirrus vmvga none',
    });
  });
});
