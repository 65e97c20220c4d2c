import type {DomainDef} from '../../model/domain-def.ts';
import type {ArgvInput} from '../argv/argv-input.ts';
import {buildControllerArgs} from '../argv/devices/controllers.ts';
import {buildDiskArgs} from '../argv/devices/disk.ts';
import {buildHostdevArgs} from '../argv/devices/hostdev.ts';
import {planThrottles, type ThrottleCommand} from '../argv/devices/throttle-commands.ts';
import type {QemuArg} from '../argv/qemu-arg.ts';
import {withOverrides} from '../argv/qemu-namespace-args.ts';
import {renderArg} from '../argv/render.ts';
import {type SetupCommand, toCommand} from '../argv/setup-command.ts';
import type {HotplugDevice} from './hotplug-device.ts';
import {cannotPlug} from './place-device.ts';

/** What the emulator is told to make of a device. */
export interface PlannedAttach {
  /** What the device stands on first, then the device. */
  readonly commands: readonly SetupCommand[];
  /** Told when the device is there. */
  readonly limits: readonly ThrottleCommand[];
}

/**
 * The commands that give a guest a device: what the command line would have said of it.
 *
 * @param device  with its alias, its place and the numbers of its images
 * @param input  of the guest with the device
 * @throws {VirtError} OPERATION_FAILED where its bus is not there, CONFIG_UNSUPPORTED for what the emulator cannot do
 */
export function planAttach(live: DomainDef, device: HotplugDevice, input: ArgvInput): PlannedAttach {
  requireBus(live, device, input);
  const alone = {...input, def: {...input.def, devices: [device]}};
  return {commands: deviceCommands(device, input), limits: planThrottles(alone)};
}

/** The commands that make a device and its backends. */
export function deviceCommands(device: HotplugDevice, input: ArgvInput): readonly SetupCommand[] {
  const args = device.kind === 'disk' ? buildDiskArgs(device, input) : buildHostdevArgs(device, input);
  return withOverrides(args, input.def).map(toCommand);
}

/** What takes away again what a command has made; nothing for the device itself, which goes when the guest lets go. */
export function removalOf({execute, arguments: made}: SetupCommand): RemovalCommand | undefined {
  switch (execute) {
    case 'blockdev-add':
      return {execute: 'blockdev-del', arguments: {'node-name': String(made['node-name'])}};
    case 'object-add':
      return {execute: 'object-del', arguments: {id: String(made.id)}};
    case 'device_add':
      return undefined;
  }
}

export interface RemovalCommand {
  readonly execute: 'blockdev-del' | 'object-del';
  readonly arguments: {readonly [key: string]: string};
}

/** A device that would need another controller at a start has no bus now. */
function requireBus(live: DomainDef, device: HotplugDevice, input: ArgvInput): void {
  const words = (args: readonly QemuArg[]) => args.map(arg => renderArg(arg).join(' '));
  const there = new Set(words(buildControllerArgs({...input, def: live})));
  const missing = words(buildControllerArgs(input)).find(arg => !there.has(arg));
  if (missing === undefined) return;
  const bus = device.kind === 'disk' ? device.target.bus : 'usb';
  const hint = `give the definition a <controller type='${bus}'/>, for its next start`;
  throw cannotPlug(live, device, `it has no such ${bus === 'scsi' ? 'SCSI' : 'USB'} controller`, hint);
}
