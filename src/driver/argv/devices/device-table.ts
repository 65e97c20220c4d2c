import type {DeviceKind} from '../../../model/devices/device-def.ts';
import type {InputDef} from '../../../model/devices/input.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {QemuArg} from '../qemu-arg.ts';
import {buildConsoleArgs} from './console.ts';
import {buildControllerArgs} from './controllers.ts';
import {type DeviceArgs, leaveOutDevice, notYetSupported, refuseDevice} from './device-context.ts';
import {buildDiskArgs} from './disk.ts';
import {buildGraphicsArgs} from './graphics.ts';
import {buildInterfaceArgs} from './interface.ts';
import {buildSerialArgs} from './serial.ts';

/** One row for each kind of device. */
const DEVICE_TABLE: {readonly [K in DeviceKind]: DeviceArgs<K>} = {
  disk: buildDiskArgs,
  controller: leaveOutDevice,
  lease: refuseDevice,
  filesystem: refuseDevice,
  interface: buildInterfaceArgs,
  smartcard: refuseDevice,
  serial: buildSerialArgs,
  parallel: refuseDevice,
  console: buildConsoleArgs,
  channel: refuseDevice,
  input: buildInputArgs,
  tpm: refuseDevice,
  graphics: buildGraphicsArgs,
  sound: refuseDevice,
  audio: leaveOutDevice,
  video: leaveOutDevice,
  hostdev: refuseDevice,
  redirdev: refuseDevice,
  redirfilter: leaveOutDevice,
  hub: refuseDevice,
  watchdog: refuseDevice,
  memballoon: leaveOutDevice,
  rng: refuseDevice,
  nvram: refuseDevice,
  panic: refuseDevice,
  shmem: refuseDevice,
  memory: refuseDevice,
  crypto: refuseDevice,
  iommu: refuseDevice,
  vsock: refuseDevice,
};

/** The board has a PS/2 mouse and keyboard; others are devices. @throws {VirtError} CONFIG_UNSUPPORTED */
function buildInputArgs(device: InputDef, input: ArgvInput): readonly QemuArg[] {
  const onBoard = device.bus === undefined || device.bus === 'ps2';
  if (!onBoard) throw notYetSupported(`<input type='${device.type}' bus='${device.bus}'>`, input);
  return leaveOutDevice();
}

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
