import {dirname} from 'node:path';
import {waitForChange} from '../../host/wait-for.ts';
import {SocketTable} from './reach.ts';

/** An emulator notices soon that a client has gone; until then its end of the connection stays. */
const LETTING_GO_MS = 1_000;

/**
 * Waits until an emulator has nobody connected to a socket any more.
 *
 * @param path  as the emulator names it
 * @returns false when somebody still is after a second
 */
export async function untilLetGo(pid: number, path: string): Promise<boolean> {
  const isFree = async () => (new SocketTable().isConnected(pid, path) ? undefined : true);
  return (await waitForChange(dirname(path), isFree, {timeoutMs: LETTING_GO_MS})) === true;
}
