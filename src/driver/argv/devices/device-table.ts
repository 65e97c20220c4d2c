import type {DeviceKind} from '../../../model/devices/device-def.ts';
import {type DomainDef, devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {QemuArg} from '../qemu-arg.ts';
import {buildConsoleArgs} from './console.ts';
import {buildControllerArgs} from './controllers.ts';
import {type DeviceArgs, leaveOutDevice, needsNoArgs, refuseDevice} from './device-context.ts';
import {buildDiskArgs} from './disk.ts';
import {buildGraphicsArgs} from './graphics.ts';
import {buildInterfaceArgs} from './interface.ts';
import {buildSerialArgs} from './serial.ts';

/** One row for each kind of device. */
const DEVICE_TABLE: {readonly [K in DeviceKind]: DeviceArgs<K>} = {
  disk: buildDiskArgs,
  controller: needsNoArgs,
  lease: refuseDevice,
  filesystem: refuseDevice,
  interface: buildInterfaceArgs,
  smartcard: leaveOutDevice,
  serial: buildSerialArgs,
  parallel: leaveOutDevice,
  console: buildConsoleArgs,
  channel: leaveOutDevice,
  input: leaveOutDevice,
  tpm: refuseDevice,
  graphics: buildGraphicsArgs,
  sound: leaveOutDevice,
  audio: needsNoArgs,
  video: needsNoArgs,
  hostdev: refuseDevice,
  redirdev: leaveOutDevice,
  redirfilter: needsNoArgs,
  hub: leaveOutDevice,
  watchdog: leaveOutDevice,
  memballoon: needsNoArgs,
  rng: leaveOutDevice,
  nvram: refuseDevice,
  panic: leaveOutDevice,
  shmem: refuseDevice,
  memory: refuseDevice,
  crypto: leaveOutDevice,
  iommu: refuseDevice,
  vsock: leaveOutDevice,
};

/** The order of the kinds on the command line is that of the table. The decoder: its keys are the kinds. */
const KINDS = Object.keys(DEVICE_TABLE) as DeviceKind[];

/**
 * The controllers that the devices need, then the devices: kind by kind, each kind as the XML has it.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a device that the emulator does not have
 */
export function buildDeviceArgs(input: ArgvInput): QemuArg[] {
  return [...buildControllerArgs(input), ...KINDS.flatMap(kind => buildKind(kind, input))];
}

function buildKind<K extends DeviceKind>(kind: K, input: ArgvInput): readonly QemuArg[] {
  const build: DeviceArgs<K> = DEVICE_TABLE[kind];
  return devicesOf(input.def, kind).flatMap(device => build(device, input));
}

/** The devices that a definition has and its guest does not get yet, as their elements, each kind once. */
export function leftOutDevices(def: DomainDef): readonly string[] {
  const kinds = new Set(def.devices.map(device => device.kind));
  return KINDS.filter(kind => kinds.has(kind) && DEVICE_TABLE[kind] === leaveOutDevice).map(kind => `<${kind}>`);
}
