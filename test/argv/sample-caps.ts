import {flagsAskedBy} from '../../src/driver/emulators/flags.ts';
import type {EmulatorCaps, MachineInfo} from '../../src/model/capabilities.ts';

function board(name: string, fields: Partial<MachineInfo> = {}): MachineInfo {
  return {name, isDefault: false, deprecated: false, maxCpus: 8, ...fields};
}

const PCI_DEVICES = [
  'e1000',
  'ich9-ahci',
  'ide-cd',
  'ide-hd',
  'rtl8139',
  'scsi-cd',
  'scsi-hd',
  'sungem',
  'virtconsole',
  'virtio-blk-pci',
  'virtio-net-pci',
  'virtio-scsi-pci',
  'virtio-serial-pci',
];

/** What an emulator has that can be told over QMP. */
const QMP_FLAGS = flagsAskedBy('qmp');

/** The part of QEMU 7.2's answers that command lines are made from. */
export const X86_CAPS: EmulatorCaps = {
  version: '7.2.22',
  arch: 'x86_64',
  flags: new Set(QMP_FLAGS),
  machines: [
    board('isapc'),
    board('microvm'),
    board('pc', {aliasOf: 'pc-i440fx-7.2', isDefault: true}),
    board('pc-i440fx-7.2', {isDefault: true}),
    board('pc-q35-7.2'),
    board('q35', {aliasOf: 'pc-q35-7.2'}),
  ],
  cpuModels: [{name: 'qemu64', deprecated: false, lacks: {}}],
  devices: new Set([...PCI_DEVICES, 'isa-serial']),
  kvmBuiltIn: true,
};

/** The same with every kind of disk. */
export const DISK_CAPS: EmulatorCaps = {
  ...X86_CAPS,
  devices: new Set([...X86_CAPS.devices, 'floppy', 'scsi-block', 'usb-storage', 'vhost-user-blk-pci']),
};

const WITHOUT_ACPI = new Set(QMP_FLAGS.filter(flag => flag !== 'machine-acpi' && flag !== 'machine-hpet'));

export const PPC_CAPS: EmulatorCaps = {
  version: '7.2.22',
  arch: 'ppc',
  flags: WITHOUT_ACPI,
  machines: [board('g3beige', {isDefault: true}), board('mac99')],
  cpuModels: [],
  devices: new Set(PCI_DEVICES),
  kvmBuiltIn: false,
};

export const SPARC_CAPS: EmulatorCaps = {
  version: '7.2.22',
  arch: 'sparc',
  flags: WITHOUT_ACPI,
  machines: [board('SS-5', {isDefault: true})],
  cpuModels: [],
  devices: new Set(['scsi-hd', 'scsi-cd', 'lance']),
  kvmBuiltIn: false,
};

/** An emulator with none of the newer options: what is left is what every QEMU that answers QMP takes. */
export const PLAIN_CAPS: EmulatorCaps = {...X86_CAPS, version: '1.5.0', flags: new Set(['qmp', 'no-reboot'])};
