import {isX86} from '../../model/arch.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {CapsEnum, CapsPart} from '../../model/domain-capabilities.ts';
import type {EmulatorFlag} from '../../model/emulator-flags.ts';

/** Where the devices are put, and on whose host. */
export interface DeviceSurroundings {
  readonly caps: EmulatorCaps;
  readonly arch: string;
  /** The board's own name. */
  readonly machine: string | undefined;
  /** Whether devices of the host can be given away. */
  readonly iommu: boolean;
  /** The versions of a TPM that this host can emulate. */
  readonly tpmVersions: readonly string[];
}

/**
 * What domains can have of each kind of device, as far as the emulator tells by its device types and flags.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsFillDomainCaps
 */
export function deviceParts(around: DeviceSurroundings): readonly CapsPart[] {
  const has = wordsOf(around.caps);
  return [
    diskPart(around, has),
    graphicsPart(has),
    videoPart(has),
    hostdevPart(around, has),
    rngPart(has),
    filesystemPart(has),
    tpmPart(around, has),
    part('redirdev', [{name: 'bus', values: has('usb', {device: 'usb-redir'})}]),
    part('channel', [{name: 'type', values: ['pty', 'unix', ...has('spicevmc', {flag: 'chardev-spicevmc'})]}]),
  ];
}

/** What makes a word one that can be used: one of these device types, or this flag. */
interface Need {
  readonly device?: string | readonly string[];
  readonly flag?: EmulatorFlag;
}

/** The word where the emulator has what it needs, else nothing. */
type Words = (word: string, need: Need) => readonly string[];

function wordsOf({devices, flags}: EmulatorCaps): Words {
  return (word, {device, flag}) => {
    const types = typeof device === 'string' ? [device] : (device ?? []);
    const isThere = types.some(type => devices.has(type)) || (flag !== undefined && flags.has(flag));
    return isThere ? [word] : [];
  };
}

/** A kind of device: supported where its first enum has a word. */
function part(name: string, enums: readonly CapsEnum[]): CapsPart {
  const supported = (enums[0]?.values.length ?? 0) > 0;
  return {name, supported, enums: supported ? enums : []};
}

/** A device with virtio, on whatever bus the board has. */
function virtio(name: string): Need {
  return {device: ['pci', 'ccw', 'device'].map(bus => `virtio-${name}-${bus}`)};
}

/** The models of a device with virtio. */
function virtioModels(name: string, has: Words): CapsEnum {
  return {
    name: 'model',
    values: [
      ...has('virtio', virtio(name)),
      ...['transitional', 'non-transitional'].flatMap(kind =>
        has(`virtio-${kind}`, {device: `virtio-${name}-pci-${kind}`}),
      ),
    ],
  };
}

/** Boards with IDE on them. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainMachineHasBuiltinIDE. */
function hasIde({arch, machine = ''}: DeviceSurroundings): boolean {
  return isX86(arch) ? /^pc(?:-(?!q35)|$)/.test(machine) : /^(?:malta|sun4u|g3beige)$/.test(machine);
}

function diskPart(around: DeviceSurroundings, has: Words): CapsPart {
  const {caps, machine = ''} = around;
  if (isFromBeforeDevices(caps)) return oldDiskPart();
  // The boards of POWER servers have nowhere to put one.
  const floppy = machine.startsWith('pseries') ? {} : {device: ['isa-fdc', 'sysbus-fdc', 'SUNW,fdtwo']};
  return part('disk', [
    {
      name: 'diskDevice',
      values: ['disk', 'cdrom', ...has('floppy', floppy), ...has('lun', {device: 'scsi-block'})],
    },
    {
      name: 'bus',
      values: [
        ...(hasIde(around) ? has('ide', {device: 'ide-hd'}) : []),
        ...has('fdc', floppy),
        ...has('scsi', {device: 'scsi-hd'}),
        ...has('virtio', virtio('blk')),
        ...has('usb', {device: 'usb-storage'}),
        ...has('sata', {device: 'ich9-ahci'}),
      ],
    },
    virtioModels('blk', has),
  ]);
}

/** An emulator of before 0.12 does not tell of devices. */
function isFromBeforeDevices({devices, flags}: EmulatorCaps): boolean {
  return devices.size === 0 && !flags.has('qmp');
}

/** Source: libvirt 0.7.1, src/qemu_conf.c, qemudBuildCommandLine. */
function oldDiskPart(): CapsPart {
  return part('disk', [
    {name: 'diskDevice', values: ['disk', 'cdrom', 'floppy']},
    {name: 'bus', values: ['ide', 'fdc', 'scsi', 'virtio', 'usb']},
    {name: 'model', values: []},
  ]);
}

function graphicsPart(has: Words): CapsPart {
  return part('graphics', [
    {
      name: 'type',
      values: [
        ...has('sdl', {flag: 'sdl'}),
        ...has('sdl', {flag: 'display-sdl'}),
        ...has('vnc', {flag: 'vnc'}),
        ...has('spice', {flag: 'spice'}),
        ...has('egl-headless', {flag: 'display-egl-headless'}),
        ...has('dbus', {flag: 'display-dbus'}),
      ],
    },
  ]);
}

function videoPart(has: Words): CapsPart {
  return part('video', [
    {
      name: 'modelType',
      values: [
        ...has('vga', {device: 'VGA', flag: 'vga'}),
        ...has('cirrus', {device: 'cirrus-vga', flag: 'vga'}),
        ...has('vmvga', {device: 'vmware-svga', flag: 'vga'}),
        ...has('qxl', {device: ['qxl-vga', 'qxl'], flag: 'vga-qxl'}),
        ...has('virtio', {device: ['virtio-vga', ...(virtio('gpu').device ?? [])]}),
        'none',
        ...has('bochs', {device: 'bochs-display'}),
        ...has('ramfb', {device: 'ramfb'}),
      ],
    },
  ]);
}

function hostdevPart({iommu}: DeviceSurroundings, has: Words): CapsPart {
  const subsysType = [
    ...has('usb', {device: 'usb-host'}),
    ...has('pci', {device: ['vfio-pci', 'pci-assign'], flag: 'pcidevice'}),
    ...has('scsi', {device: 'scsi-generic'}),
  ];
  const vfio = iommu ? has('vfio', {device: 'vfio-pci'}) : [];
  return part('hostdev', [
    {name: 'mode', values: subsysType.length > 0 ? ['subsystem'] : []},
    {name: 'startupPolicy', values: ['default', 'mandatory', 'requisite', 'optional']},
    {name: 'subsysType', values: subsysType},
    {name: 'capsType', values: []},
    {name: 'pciBackend', values: vfio.length > 0 ? ['default', ...vfio] : []},
  ]);
}

function rngPart(has: Words): CapsPart {
  const models = virtioModels('rng', has);
  return part('rng', [
    models,
    {
      name: 'backendModel',
      values: [
        ...has('random', {flag: 'rng-random'}),
        ...has('egd', {flag: 'rng-egd'}),
        ...has('builtin', {flag: 'rng-builtin'}),
      ],
    },
  ]);
}

function filesystemPart(has: Words): CapsPart {
  const vhost = {device: ['pci', 'ccw', 'device'].map(bus => `vhost-user-fs-${bus}`)};
  return part('filesystem', [{name: 'driverType', values: [...has('path', virtio('9p')), ...has('virtiofs', vhost)]}]);
}

function tpmPart({tpmVersions}: DeviceSurroundings, has: Words): CapsPart {
  return part('tpm', [
    {
      name: 'model',
      values: [
        ...has('tpm-tis', {device: ['tpm-tis', 'tpm-tis-device']}),
        ...has('tpm-crb', {device: 'tpm-crb'}),
        ...has('tpm-spapr', {device: 'tpm-spapr'}),
        ...has('spapr-tpm-proxy', {device: 'spapr-tpm-proxy'}),
      ],
    },
    {
      name: 'backendModel',
      values: [
        ...has('passthrough', {flag: 'tpm-passthrough'}),
        ...has('emulator', {flag: 'tpm-emulator'}),
        ...has('external', {flag: 'tpm-emulator'}),
      ],
    },
    {name: 'backendVersion', values: tpmVersions},
  ]);
}
