import {createServer} from 'node:net';
import {VirtError} from '../base/virt-error.ts';
import {type VncDef, vncListenAddress} from '../model/devices/graphics.ts';
import type {DomainDef} from '../model/domain-def.ts';

const FIRST_VNC_PORT = 5900;
const LAST_VNC_PORT = 6900;

/**
 * Chooses a free port for every VNC server that has none.
 *
 * @throws {VirtError} OPERATION_FAILED when all ports are taken
 */
export async function withVncPorts(def: DomainDef): Promise<DomainDef> {
  const devices: DomainDef['devices'][number][] = [];
  let next = FIRST_VNC_PORT;
  for (const device of def.devices) {
    if (device.kind !== 'graphics' || device.type !== 'vnc' || !(device.autoport || device.port < 0)) {
      devices.push(device);
      continue;
    }
    const port = await findFreePort(device, next);
    next = port + 1;
    devices.push({...device, port});
  }
  return {...def, devices};
}

async function findFreePort(device: VncDef, first: number): Promise<number> {
  const listen = vncListenAddress(device);
  for (let port = first; port <= LAST_VNC_PORT; port++) if (await canListen(port, listen)) return port;
  throw new VirtError(
    'OPERATION_FAILED',
    'QEMU',
    `cannot find a free port for VNC on ${listen}: ${first} to ${LAST_VNC_PORT} are all taken`,
  );
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({port, host, exclusive: true}, () => server.close(() => resolve(true)));
  });
}
