import type {DeviceKind} from '../../../model/devices/device-def.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {QemuArg} from '../qemu-arg.ts';
import {buildAudioArgs} from './audio.ts';
import {buildChannelArgs, buildParallelArgs, buildRedirdevArgs} from './channel.ts';
import {buildConsoleArgs} from './console.ts';
import {buildControllerArgs} from './controllers.ts';
import {buildCryptoArgs} from './crypto.ts';
import {type DeviceArgs, needsNoArgs} from './device-context.ts';
import {buildDiskArgs} from './disk.ts';
import {buildFilesystemArgs} from './filesystem.ts';
import {buildGraphicsArgs} from './graphics.ts';
import {buildHostdevArgs} from './hostdev.ts';
import {buildInputArgs} from './input.ts';
import {buildInterfaceArgs} from './interface.ts';
import {buildIommuArgs} from './iommu.ts';
import {buildMemballoonArgs} from './memballoon.ts';
import {buildMemoryDeviceArgs} from './memory.ts';
import {buildNvramArgs} from './nvram.ts';
import {buildPanicArgs} from './panic.ts';
import {buildRngArgs} from './rng.ts';
import {buildSerialArgs} from './serial.ts';
import {buildShmemArgs} from './shmem.ts';
import {buildSmartcardArgs} from './smartcard.ts';
import {buildSoundArgs} from './sound.ts';
import {buildTpmArgs} from './tpm.ts';
import {buildVideoArgs} from './video.ts';
import {buildVsockArgs} from './vsock.ts';
import {buildWatchdogArgs} from './watchdog.ts';

/** One row for each kind of device. */
const DEVICE_TABLE: {readonly [K in DeviceKind]: DeviceArgs<K>} = {
  audio: buildAudioArgs, // others refer to it
  disk: buildDiskArgs,
  controller: needsNoArgs,
  lease: needsNoArgs, // there is no lock manager that would hold it
  filesystem: buildFilesystemArgs,
  interface: buildInterfaceArgs,
  smartcard: buildSmartcardArgs,
  serial: buildSerialArgs,
  parallel: buildParallelArgs,
  channel: buildChannelArgs,
  console: buildConsoleArgs, // after the channels, which name their ports: it takes any that is free
  input: buildInputArgs,
  tpm: buildTpmArgs,
  graphics: buildGraphicsArgs,
  sound: buildSoundArgs,
  video: buildVideoArgs,
  redirdev: buildRedirdevArgs,
  hostdev: buildHostdevArgs,
  redirfilter: needsNoArgs,
  hub: needsNoArgs, // with the controllers
  watchdog: buildWatchdogArgs,
  memballoon: buildMemballoonArgs,
  rng: buildRngArgs,
  nvram: buildNvramArgs,
  panic: buildPanicArgs,
  shmem: buildShmemArgs,
  memory: buildMemoryDeviceArgs,
  crypto: buildCryptoArgs,
  iommu: buildIommuArgs,
  vsock: buildVsockArgs,
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
