import {checkKindOf} from '../fields/kinds.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import type {XmlNode} from '../xml/write-xml.ts';
import {audioCodec} from './audio.ts';
import {channelCodec, parallelCodec, redirdevCodec} from './channel.ts';
import {consoleCodec, serialCodec} from './chardev.ts';
import {controllerCodec} from './controller.ts';
import {cryptoCodec} from './crypto.ts';
import type {DeviceCodec, DeviceFormatOptions, DeviceParseContext, HostResource} from './device-codec.ts';
import type {DeviceDef, DeviceKind} from './device-def.ts';
import {DEVICE_PART_RULES} from './device-part-rules.ts';
import {diskCodec} from './disk.ts';
import {filesystemCodec} from './filesystem.ts';
import {graphicsCodec} from './graphics.ts';
import {hostdevCodec} from './hostdev.ts';
import {hubCodec} from './hub.ts';
import {inputCodec} from './input.ts';
import {interfaceCodec} from './interface.ts';
import {iommuCodec} from './iommu.ts';
import {leaseCodec} from './lease.ts';
import {memballoonCodec} from './memballoon.ts';
import {memoryDeviceCodec} from './memory-device.ts';
import {nvramCodec} from './nvram.ts';
import {panicCodec} from './panic.ts';
import {redirfilterCodec} from './redirfilter.ts';
import {rngCodec} from './rng.ts';
import {shmemCodec} from './shmem.ts';
import {smartcardCodec} from './smartcard.ts';
import {soundCodec} from './sound.ts';
import {tpmCodec} from './tpm.ts';
import {videoCodec} from './video.ts';
import {vsockCodec} from './vsock.ts';
import {watchdogCodec} from './watchdog.ts';

type DeviceByKind = {readonly [Kind in DeviceKind]: Extract<DeviceDef, {kind: Kind}>};

type DeviceTable = {readonly [Kind in DeviceKind]: DeviceCodec<DeviceByKind[Kind]>};

/** One row per kind; a kind without a row does not compile. The order is that of `<devices>` as libvirt prints it. */
export const DEVICE_TABLE: DeviceTable = {
  disk: diskCodec,
  controller: controllerCodec,
  lease: leaseCodec,
  filesystem: filesystemCodec,
  interface: interfaceCodec,
  smartcard: smartcardCodec,
  serial: serialCodec,
  parallel: parallelCodec,
  console: consoleCodec,
  channel: channelCodec,
  input: inputCodec,
  tpm: tpmCodec,
  graphics: graphicsCodec,
  sound: soundCodec,
  audio: audioCodec,
  video: videoCodec,
  hostdev: hostdevCodec,
  redirdev: redirdevCodec,
  redirfilter: redirfilterCodec,
  hub: hubCodec,
  watchdog: watchdogCodec,
  memballoon: memballoonCodec,
  rng: rngCodec,
  nvram: nvramCodec,
  panic: panicCodec,
  shmem: shmemCodec,
  memory: memoryDeviceCodec,
  crypto: cryptoCodec,
  iommu: iommuCodec,
  vsock: vsockCodec,
} satisfies DeviceTable;

/** The codec of every element that is a device. */
const CODEC_OF_ELEMENT: ReadonlyMap<string, DeviceCodec<DeviceDef>> = new Map(
  Object.values(DEVICE_TABLE).flatMap(codec => codec.elements.map(name => [name, codec] as const)),
);

/** Reads one child of `<devices>`; undefined when it is left out, and the reader has said why. */
export function parseDevice(reader: ElementReader, context: DeviceParseContext): DeviceDef | undefined {
  if (saysNoScreen(reader)) return {kind: 'video', model: {type: 'none'}};
  const codec = CODEC_OF_ELEMENT.get(reader.name);
  if (reader.isStrict) checkKindOf(reader, `<${reader.name}>`, reader.name, DEVICE_PART_RULES);
  return codec ? codec.parse(reader, context) : reader.unknown([...CODEC_OF_ELEMENT.keys(), 'emulator']);
}

/** `<graphics type='none'/>` is this program's; libvirt says the same with `<video><model type='none'/>`. */
function saysNoScreen(reader: ElementReader): boolean {
  return reader.name === 'graphics' && reader.attribute('type') === 'none';
}

/** The element of a device. */
export function formatDevice(device: DeviceDef, options: DeviceFormatOptions): XmlNode {
  return formatKind(device.kind, device, options);
}

/** Every file and device of the host that a device touches. */
export function hostResourcesOf(device: DeviceDef): readonly HostResource[] {
  return resourcesOfKind(device.kind, device);
}

/** The decoder: the keys of the table are the kinds. */
const RANK = Object.fromEntries(Object.keys(DEVICE_TABLE).map((kind, rank) => [kind, rank])) as Record<
  DeviceKind,
  number
>;

/** The devices in the order of the table's kinds; within a kind the order stays. */
export function sortDevices(devices: readonly DeviceDef[]): readonly DeviceDef[] {
  return devices.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]);
}

function formatKind<K extends DeviceKind>(kind: K, device: DeviceByKind[K], options: DeviceFormatOptions): XmlNode {
  return DEVICE_TABLE[kind].format(device, options);
}

function resourcesOfKind<K extends DeviceKind>(kind: K, device: DeviceByKind[K]): readonly HostResource[] {
  return DEVICE_TABLE[kind].hostResources(device);
}
