import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {MachineInfo} from '../../src/model/capabilities.ts';
import {type CpuProperty, type ExpandedCpu, expandedCpuOf} from '../../src/model/cpu/expanded-cpu.ts';
import type {CompletionFacts} from '../../src/model/post-parse/complete-domain.ts';
import {parseXml} from '../../src/model/xml/parse-xml.ts';
import type {XmlElement} from '../../src/model/xml/xml-element.ts';
import type {TestMacro} from './modern-manifest.ts';

/** The emulator and the random UUID of libvirt's tests. Source: libvirt 9.0.0, tests/testutilsqemu.c and tests/virrandommock.c. */
const EMULATOR = '/usr/bin/qemu-system-x86_64';
const RANDOM_UUID = '00010203-0405-4607-8809-0a0b0c0d0e0f';

/** libvirt's flags that stand for a device type, in the names of its XML and of its tests' source. */
const DEVICE_OF_FLAG: Readonly<Record<string, string>> = {
  'piix3-usb-uhci': 'piix3-usb-uhci',
  PIIX3_USB_UHCI: 'piix3-usb-uhci',
  'pci-ohci': 'pci-ohci',
  PCI_OHCI: 'pci-ohci',
  'qemu-xhci': 'qemu-xhci',
  DEVICE_QEMU_XHCI: 'qemu-xhci',
  'nec-usb-xhci': 'nec-usb-xhci',
  NEC_USB_XHCI: 'nec-usb-xhci',
  'ich9-usb-ehci1': 'ich9-usb-ehci1',
  ICH9_USB_EHCI1: 'ich9-usb-ehci1',
  'cirrus-vga': 'cirrus-vga',
  DEVICE_CIRRUS_VGA: 'cirrus-vga',
  VGA: 'VGA',
  DEVICE_VGA: 'VGA',
  lsi: 'lsi53c895a',
  SCSI_LSI: 'lsi53c895a',
  'virtio-scsi-pci': 'virtio-scsi-pci',
  VIRTIO_SCSI: 'virtio-scsi-pci',
  rtl8139: 'rtl8139',
  DEVICE_RTL8139: 'rtl8139',
  e1000: 'e1000',
  DEVICE_E1000: 'e1000',
  'virtio-net': 'virtio-net-pci',
  DEVICE_VIRTIO_NET: 'virtio-net-pci',
  'pcie-root-port': 'pcie-root-port',
  DEVICE_PCIE_ROOT_PORT: 'pcie-root-port',
  'pcie-pci-bridge': 'pcie-pci-bridge',
  DEVICE_PCIE_PCI_BRIDGE: 'pcie-pci-bridge',
  'virtio-pci-non-transitional': 'virtio-blk-pci-non-transitional',
  VIRTIO_PCI_TRANSITIONAL: 'virtio-blk-pci-non-transitional',
};

function devicesOfFlags(flags: readonly string[]): ReadonlySet<string> {
  return new Set(flags.flatMap(flag => DEVICE_OF_FLAG[flag.trim()] ?? []));
}

/** What the saved probe of a whole emulator says, as libvirt keeps it. */
export interface SavedProbe {
  readonly devices: ReadonlySet<string>;
  /** By machine and by alias. */
  readonly defaultCpus: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  /** Models that KVM can run on the host just as they are. */
  readonly usableCpus: ReadonlySet<string>;
  /** All models that it has. */
  readonly cpus: ReadonlySet<string>;
  readonly machines: readonly MachineInfo[];
  /** What KVM makes of the processor of the host that was probed. */
  readonly hostCpu: ExpandedCpu | undefined;
}

/** Reads `caps/*.xml` of a folder; undefined when it is not there. */
export function readSavedProbe(folder: string, file = 'caps_8.0.0.x86_64.xml'): SavedProbe | undefined {
  const path = join(folder, 'caps', file);
  const root = existsSync(path) ? parseXml(readFileSync(path, 'utf8')).root : undefined;
  if (!root) return undefined;
  const flags = root.children.filter(({name}) => name === 'flag').map(flag => flag.attributes.get('name') ?? '');
  const models = root.children.filter(({name, attributes}) => name === 'cpu' && attributes.get('type') === 'kvm');
  const cpus = models.filter(({attributes}) => attributes.get('usable') === 'yes');
  const host = root.children.find(({name, attributes}) => name === 'hostCPU' && attributes.get('type') === 'kvm');
  return {
    cpus: new Set(models.map(({attributes}) => attributes.get('name') ?? '')),
    machines: root.children.flatMap(machinesOf),
    hostCpu: host && readHostCpu(host, models),
    devices: devicesOfFlags(flags),
    defaultCpus: new Map(root.children.flatMap(defaultCpuOf)),
    flags: new Set(flags),
    usableCpus: new Set(cpus.map(({attributes}) => attributes.get('name') ?? '')),
  };
}

/** A board, and its alias as one of its own. */
function machinesOf({name, attributes}: XmlElement): readonly MachineInfo[] {
  const own = attributes.get('name');
  if (name !== 'machine' || attributes.get('type') !== 'kvm' || own === undefined) return [];
  const defaultRamId = attributes.get('defaultRAMid');
  const machine = {
    name: own,
    isDefault: attributes.get('default') === 'yes',
    deprecated: attributes.get('deprecated') === 'yes',
    maxCpus: Number(attributes.get('maxCpus') ?? 1),
    ...(defaultRamId === undefined ? {} : {defaultRamId}),
  };
  const alias = attributes.get('alias');
  return alias === undefined ? [machine] : [machine, {...machine, name: alias, aliasOf: own}];
}

function readHostCpu({attributes, children}: XmlElement, models: readonly XmlElement[]): ExpandedCpu {
  const blocked = models.map(
    ({attributes: model, children: blockers}) =>
      [model.get('name') ?? '', blockers.map(blocker => blocker.attributes.get('name') ?? '')] as const,
  );
  const properties = children.map(({attributes: property}): readonly [string, CpuProperty] => {
    const [type, value = ''] = [property.get('type'), property.get('value')];
    const typed = type === 'boolean' ? value === 'true' : type === 'number' ? Number(value) : value;
    return [property.get('name') ?? '', {value: typed, migratable: property.get('migratable') !== 'no'}];
  });
  return expandedCpuOf(attributes.get('model') ?? '', new Map(properties), new Map(blocked));
}

/** `qemu64-x86_64-cpu` is the type of the model `qemu64`. */
function defaultCpuOf({name, attributes}: XmlElement): readonly (readonly [string, string])[] {
  const cpu = attributes.get('defaultCPU')?.replace(/-[a-z0-9_]+-cpu$/, '');
  if (name !== 'machine' || cpu === undefined) return [];
  return [attributes.get('name'), attributes.get('alias')].flatMap(machine =>
    machine ? [[machine, cpu] as const] : [],
  );
}

/** The facts under which one of libvirt's tests runs: those of the newest emulator, or a few flags. */
export function factsOfTest({macro, args}: TestMacro, latest: SavedProbe | undefined): CompletionFacts {
  const isLatest = macro.includes('LATEST');
  return {
    devices: isLatest && latest ? latest.devices : devicesOfFlags(args.flatMap(arg => arg.split(/[\s,]+/))),
    isCpuUsable: model => isLatest && (latest?.usableCpus.has(model) ?? false),
    hasMigratableHostCpu: isLatest && (latest?.flags.has('cpu.migratable') ?? false),
    emulator: EMULATOR,
    defaultCpu: def => (isLatest ? latest?.defaultCpus.get(def.os.machine ?? 'pc') : undefined),
    newUuid: () => RANDOM_UUID,
  };
}
