import {constants} from 'node:fs';
import {access} from 'node:fs/promises';
import {VirtError} from '../../base/virt-error.ts';
import {fileError} from '../../host/files.ts';
import type {Domain} from '../domain.ts';
import type {LiveConsole} from '../live-status.ts';
import {untilLetGo} from './let-go.ts';
import {holderOfFile, holderOfSocket, SocketTable} from './reach.ts';
import type {SocketHolder} from './socket-holders.ts';

/**
 * Looks whether anybody else is connected to a line that has room for one: two readers of a pty would steal from each other,
 * and a second client of a socket hears nothing.
 *
 * @throws {VirtError} RESOURCE_BUSY with who has it, as far as that can be seen
 */
export async function requireFreeLine(domain: Domain, device: LiveConsole): Promise<void> {
  const pid = domain.live?.emulator.pid;
  if (pid === undefined) return;
  const {pty, socket} = device;
  if (pty !== undefined) {
    const holder = holderOfFile(pty, [pid, process.pid]);
    if (holder) throw busyError(domain, device, pty, holder);
  }
  if (socket === undefined) return;
  try {
    await access(socket, constants.W_OK);
  } catch (error) {
    throw fileError(`open ${device.alias} of domain '${domain.name}' at`, socket, error);
  }
  const path = socket.replace(/^\/proc\/\d+\/root/, '');
  if (new SocketTable().isConnected(pid, path)) {
    const holder = await holderOfSocket(path);
    if (holder || !(await untilLetGo(pid, path))) throw busyError(domain, device, path, holder);
  }
}

function busyError({name}: Domain, {alias}: LiveConsole, path: string, holder: SocketHolder | undefined): VirtError {
  const who = holder ? `process ${holder.pid} (${holder.program})` : 'another program';
  const message = `cannot open ${alias} of domain '${name}': ${who} is connected to ${path}`;
  return new VirtError('RESOURCE_BUSY', 'QEMU', message, {hint: 'such a line has room for one: leave it there first'});
}
