import type {ChardevDef} from './chardev.ts';
import type {DiskDef} from './disk.ts';
import type {GraphicsDef} from './graphics.ts';
import type {InterfaceDef} from './interface.ts';

export type {DeviceBase} from './device-base.ts';

/**
 * A device of a domain. A new kind is a member here, a file beside this one (type, XML both ways, host resources),
 * a row in `device-table.ts` and one in `driver/argv/devices/device-table.ts`.
 */
export type DeviceDef = DiskDef | InterfaceDef | ChardevDef | GraphicsDef;

export type DeviceKind = DeviceDef['kind'];
