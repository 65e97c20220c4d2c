import type {DeviceKind} from '../../../model/devices/device-def.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {QemuArg} from '../qemu-arg.ts';
import {buildConsoleArgs} from './console.ts';
import {buildControllerArgs} from './controllers.ts';
import type {DeviceArgs} from './device-context.ts';
import {buildDiskArgs} from './disk.ts';
import {buildGraphicsArgs} from './graphics.ts';
import {buildInterfaceArgs} from './interface.ts';
import {buildSerialArgs} from './serial.ts';

/** One row for each kind of device. */
const DEVICE_TABLE: {readonly [K in DeviceKind]: DeviceArgs<K>} = {
  disk: buildDiskArgs,
  interface: buildInterfaceArgs,
  serial: buildSerialArgs,
  console: buildConsoleArgs,
  graphics: buildGraphicsArgs,
};

/** The order of the kinds on the command line. */
const RANK = {disk: 0, interface: 1, serial: 2, console: 3, graphics: 4} as const satisfies Record<DeviceKind, number>;

/**
 * The controllers that the devices need, then the devices: kind by kind, each kind as the XML has it.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a device that the emulator does not have
 */
export function buildDeviceArgs(input: ArgvInput): QemuArg[] {
  const kinds = [...new Set(input.def.devices.map(device => device.kind))].toSorted((a, b) => RANK[a] - RANK[b]);
  return [...buildControllerArgs(input), ...kinds.flatMap(kind => buildKind(kind, input))];
}

function buildKind<K extends DeviceKind>(kind: K, input: ArgvInput): readonly QemuArg[] {
  const build: DeviceArgs<K> = DEVICE_TABLE[kind];
  return devicesOf(input.def, kind).flatMap(device => build(device, input));
}
