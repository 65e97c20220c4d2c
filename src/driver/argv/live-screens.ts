import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {GraphicsDef} from '../../model/devices/graphics.ts';
import type {GraphicsListen} from '../../model/devices/graphics-listen.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {ArgvSettings, ScreenSettings} from './argv-input.ts';

/** Where a screen's server listens when nothing is said. Source: libvirt 9.0.0, src/qemu/qemu.conf.in, vnc_listen and spice_listen. */
const USUAL_LISTEN = '127.0.0.1';

/**
 * The definition with the place of every screen that leaves it to the host: the configured address, or a socket.
 *
 * @param directory  the domain's own while it runs
 * @see libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessGraphicsSetupListen
 */
export function withLiveScreens(def: DomainDef, directory: string, settings: ArgvSettings = {}): DomainDef {
  return {...def, devices: def.devices.map(device => liveScreen(device, directory, settings))};
}

function liveScreen(device: DeviceDef, directory: string, settings: ArgvSettings): DeviceDef {
  if (device.kind !== 'graphics') return device;
  if (device.type === 'dbus') return device.p2p ? device : {busAddress: dbusAddress(dbusSocket(directory)), ...device};
  if (device.type !== 'vnc' && device.type !== 'spice') return device;
  const socket = `${directory}/${device.type}.sock`;
  return {...device, listens: device.listens.map(listen => liveListen(listen, socket, settings[device.type] ?? {}))};
}

function liveListen(
  listen: GraphicsListen,
  socket: string,
  {autoUnixSocket, listen: address = USUAL_LISTEN}: ScreenSettings,
): GraphicsListen {
  if (listen.type === 'socket') return {socket, ...listen};
  if (listen.type !== 'address' || listen.address !== undefined) return listen;
  return autoUnixSocket ? {type: 'socket', socket} : {...listen, address};
}

/** Where the message bus listens that a domain has for itself. */
export function dbusSocket(directory: string): string {
  return `${directory}/dbus.sock`;
}

/** A path as an address of D-Bus, which takes few characters as they are. @see D-Bus specification, "Server Addresses" */
export function dbusAddress(path: string): string {
  const escaped = encodeURIComponent(path.toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!~*'()]/g, char => `%${char.charCodeAt(0).toString(16)}`);
  return `unix:path=${escaped}`;
}

/** Whether a screen is on the message bus that its domain has for itself. */
export function hasOwnBus(screen: GraphicsDef, directory: string): boolean {
  return screen.type === 'dbus' && !screen.p2p && screen.busAddress === dbusAddress(dbusSocket(directory));
}
