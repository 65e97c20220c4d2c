import type {ElementReader} from '../xml/element-reader.ts';
import type {XmlNode} from '../xml/write-xml.ts';
import {consoleCodec, serialCodec} from './chardev.ts';
import type {DeviceCodec, DeviceFormatOptions, DeviceParseContext, HostResource} from './device-codec.ts';
import type {DeviceDef, DeviceKind} from './device-def.ts';
import {diskCodec} from './disk.ts';
import {graphicsCodec} from './graphics.ts';
import {interfaceCodec} from './interface.ts';

type DeviceByKind = {readonly [Kind in DeviceKind]: Extract<DeviceDef, {kind: Kind}>};

type DeviceTable = {readonly [Kind in DeviceKind]: DeviceCodec<DeviceByKind[Kind]>};

/** One row per kind; a kind without a row does not compile. The order is that of `<devices>` as libvirt prints it. */
export const DEVICE_TABLE: DeviceTable = {
  disk: diskCodec,
  interface: interfaceCodec,
  serial: serialCodec,
  console: consoleCodec,
  graphics: graphicsCodec,
} satisfies DeviceTable;

/** Reads one child of `<devices>`; undefined when it is left out, and the reader has said why. */
export function parseDevice(reader: ElementReader, context: DeviceParseContext): DeviceDef | undefined {
  for (const codec of Object.values(DEVICE_TABLE)) {
    if (codec.elements.includes(reader.name)) return codec.parse(reader, context);
  }
  return reader.drop();
}

/** The element of a device. */
export function formatDevice(device: DeviceDef, options: DeviceFormatOptions): XmlNode {
  return formatKind(device.kind, device, options);
}

/** Every file and device of the host that a device touches. */
export function hostResourcesOf(device: DeviceDef): readonly HostResource[] {
  return resourcesOfKind(device.kind, device);
}

/** The devices in the order of the table's kinds; within a kind the order stays. */
export function sortDevices(devices: readonly DeviceDef[]): readonly DeviceDef[] {
  return Object.keys(DEVICE_TABLE).flatMap(kind => devices.filter(device => device.kind === kind));
}

function formatKind<K extends DeviceKind>(kind: K, device: DeviceByKind[K], options: DeviceFormatOptions): XmlNode {
  return DEVICE_TABLE[kind].format(device, options);
}

function resourcesOfKind<K extends DeviceKind>(kind: K, device: DeviceByKind[K]): readonly HostResource[] {
  return DEVICE_TABLE[kind].hostResources(device);
}
