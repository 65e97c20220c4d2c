import type {DeviceDef} from '../model/devices/device-def.ts';
import type {DomainDef} from '../model/domain-def.ts';
import type {ArgvSettings} from './argv/argv-input.ts';
import {hasPorts, portNeeds, type ServerScreen} from './argv/screen-ports.ts';
import type {PortAllocator, PortRange} from './port-allocator.ts';

/** Source: libvirt 9.0.0, src/qemu/qemu.conf.in, remote_display_port_min and _max, remote_websocket_port_min and _max. */
const DISPLAY_PORTS: PortRange = {first: 5900, last: 65535};
const WEBSOCKET_PORTS: PortRange = {first: 5700, last: 65535};

/** A definition whose screens have all their ports. */
export interface PortedDomain {
  readonly def: DomainDef;
  /** Those that were chosen now: to be released when the emulator listens on them, or will not. */
  readonly chosen: readonly number[];
}

/**
 * Chooses a free port for every server of a screen that leaves it to the host.
 *
 * @param def  with the addresses that the servers bind
 * @throws {VirtError} OPERATION_FAILED when all ports are taken; none is then left taken by this
 */
export async function withScreenPorts(
  def: DomainDef,
  ports: PortAllocator,
  settings: ArgvSettings,
): Promise<PortedDomain> {
  const chosen: number[] = [];
  const devices: DeviceDef[] = [];
  try {
    for (const device of def.devices) {
      const isServer = device.kind === 'graphics' && hasPorts(device);
      devices.push(isServer ? await withPorts(device, chosen, {ports, settings}) : device);
    }
  } catch (error) {
    ports.release(chosen);
    throw error;
  }
  return {def: {...def, devices}, chosen};
}

interface Choice {
  readonly ports: PortAllocator;
  readonly settings: ArgvSettings;
}

async function withPorts<Screen extends ServerScreen>(
  screen: Screen,
  chosen: number[],
  {ports, settings}: Choice,
): Promise<Screen> {
  const [listen] = screen.listens;
  const host = (listen?.type === 'address' && listen.address) || '127.0.0.1';
  const choose = async (range: PortRange) => {
    const port = await ports.choose(range, host);
    chosen.push(port);
    return port;
  };
  const needs = portNeeds(screen, settings);
  const display = settings.displayPorts ?? DISPLAY_PORTS;
  return {
    ...screen,
    ...(needs.port ? {port: await choose(display)} : {}),
    ...(needs.tlsPort ? {tlsPort: await choose(display)} : {}),
    ...(needs.websocket ? {websocket: await choose(settings.websocketPorts ?? WEBSOCKET_PORTS)} : {}),
  };
}
