import {asBoolean, asString, isQmpObject, type QmpValue} from '../../monitor/qmp-json.ts';

/** The class of the devices of each bus. Source: QEMU 7.2, the TYPE_ macros of include/hw. */
const BUS_OF_CLASS: Readonly<Record<string, string>> = {
  'ccid-card': 'ccid',
  'ccw-device': 'ccw',
  cpu: 'cpu',
  'hda-codec': 'hda',
  'i2c-slave': 'i2c',
  'ide-device': 'ide',
  'isa-device': 'isa',
  'pci-device': 'pci',
  'scsi-device': 'scsi',
  'spapr-vio-device': 'spapr-vio',
  'ssi-peripheral': 'ssi',
  'ssi-slave': 'ssi',
  'sys-bus-device': 'system',
  'usb-device': 'usb',
  'virtio-device': 'virtio',
  'virtio-serial-port': 'virtio-serial',
  'vio-spapr-device': 'spapr-vio',
};

/**
 * The bus of each device.
 *
 * @param types  answers to `qom-list-types`: the devices, and the classes above them
 */
export function deviceBusesOf(types: readonly QmpValue[]): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  const devices: string[] = [];
  for (const type of types) {
    const [name, parent] = isQmpObject(type) ? [asString(type.name), asString(type.parent)] : [];
    if (name === undefined) continue;
    if (parent !== undefined) parents.set(name, parent);
    if (isQmpObject(type) && asBoolean(type.abstract) !== true) devices.push(name);
  }
  return new Map(devices.flatMap(name => pairWith(name, busOf(name, parents))));
}

function pairWith(name: string, bus: string | undefined): readonly (readonly [string, string])[] {
  return bus === undefined ? [] : [[name, bus]];
}

function busOf(name: string, parents: ReadonlyMap<string, string>): string | undefined {
  const seen = new Set<string>();
  for (let type: string | undefined = name; type !== undefined && !seen.has(type); type = parents.get(type)) {
    const bus = Object.hasOwn(BUS_OF_CLASS, type) ? BUS_OF_CLASS[type] : undefined;
    if (bus !== undefined) return bus;
    seen.add(type);
  }
  return undefined;
}
