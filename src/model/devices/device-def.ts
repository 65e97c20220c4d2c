import type {AudioDef} from './audio.ts';
import type {ChannelDef, ParallelDef, RedirdevDef} from './channel.ts';
import type {ChardevDef} from './chardev.ts';
import type {ControllerDef} from './controller.ts';
import type {CryptoDef} from './crypto.ts';
import type {DiskDef} from './disk.ts';
import type {FilesystemDef} from './filesystem.ts';
import type {GraphicsDef} from './graphics.ts';
import type {HostdevDef} from './hostdev.ts';
import type {HubDef} from './hub.ts';
import type {InputDef} from './input.ts';
import type {InterfaceDef} from './interface.ts';
import type {IommuDef} from './iommu.ts';
import type {LeaseDef} from './lease.ts';
import type {MemballoonDef} from './memballoon.ts';
import type {MemoryDeviceDef} from './memory-device.ts';
import type {NvramDef} from './nvram.ts';
import type {PanicDef} from './panic.ts';
import type {RedirfilterDef} from './redirfilter.ts';
import type {RngDef} from './rng.ts';
import type {ShmemDef} from './shmem.ts';
import type {SmartcardDef} from './smartcard.ts';
import type {SoundDef} from './sound.ts';
import type {TpmDef} from './tpm.ts';
import type {VideoDef} from './video.ts';
import type {VsockDef} from './vsock.ts';
import type {WatchdogDef} from './watchdog.ts';

export type {DeviceBase} from './device-base.ts';

/**
 * A device of a domain. A new kind is a member here, a file beside this one (type, XML both ways, host resources),
 * a row in `device-table.ts` and one in `driver/argv/devices/device-table.ts`.
 */
export type DeviceDef =
  | DiskDef
  | ControllerDef
  | LeaseDef
  | FilesystemDef
  | InterfaceDef
  | SmartcardDef
  | ChardevDef
  | ParallelDef
  | ChannelDef
  | InputDef
  | TpmDef
  | GraphicsDef
  | SoundDef
  | AudioDef
  | VideoDef
  | HostdevDef
  | RedirdevDef
  | RedirfilterDef
  | HubDef
  | WatchdogDef
  | MemballoonDef
  | RngDef
  | NvramDef
  | PanicDef
  | ShmemDef
  | MemoryDeviceDef
  | CryptoDef
  | IommuDef
  | VsockDef;

export type DeviceKind = DeviceDef['kind'];
