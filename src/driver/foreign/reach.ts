import {accessSync, constants, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {errnoOf} from '../../host/files.ts';
import {runProgram} from '../../host/run-program.ts';
import type {Endpoint} from './guest-channels.ts';
import {parsePeer, parseUnixSockets, type SocketHolder} from './socket-holders.ts';

const SS_TIMEOUT_MS = 3_000;

/** A path of another process's as this one opens it: through its root where it has a mount namespace of its own. */
export function pathFromHere(pid: number, path: string): string {
  const [own, theirs] = [namespaceOf('self', 'mnt'), namespaceOf(pid, 'mnt')];
  return theirs === undefined || own === theirs ? path : `/proc/${pid}/root${path}`;
}

/** Which unix sockets somebody is connected to, by the network namespaces of processes: each is read once. */
export class SocketTable {
  readonly #connected = new Map<string, ReadonlySet<string>>();

  /** @param path  as the process that listens there names it */
  isConnected(pid: number, path: string): boolean {
    const namespace = namespaceOf(pid, 'net') ?? '';
    const paths = this.#connected.get(namespace) ?? connectedPaths(pid);
    this.#connected.set(namespace, paths);
    return paths.has(path);
  }
}

function connectedPaths(pid: number): ReadonlySet<string> {
  const sockets = parseUnixSockets(allowed(() => readFileSync(`/proc/${pid}/net/unix`, 'utf8')) ?? '');
  return new Set(sockets.flatMap(({path, state}) => (state === 'connected' ? [path] : [])));
}

/** Whether a monitor or line could be attached to. */
export type Reach =
  /** `path` is how this process opens it, `name` how the emulator does. */
  | {readonly is: 'free'; readonly path: string; readonly name: string}
  /** `path` is the socket as the emulator names it. */
  | {readonly is: 'busy'; readonly path: string; readonly why: string}
  | {readonly is: 'closed'; readonly why: string};

/**
 * Whether a monitor or line of a process could be attached to now. Nothing is connected to.
 *
 * @param what  for the reason, which is a sentence's part, e.g. `its monitor`
 */
export function reachOf({process: {pid}, ptys}: Reached, at: Endpoint, what: string, sockets: SocketTable): Reach {
  if (at.is === 'closed') return {is: 'closed', why: `${what} cannot be attached to: ${at.why}`};
  if (at.is === 'pty') {
    const path = ptys?.[at.at];
    return path === undefined
      ? {is: 'closed', why: `which pty ${what} is on cannot be seen by this user`}
      : {is: 'free', path, name: path};
  }
  if (sockets.isConnected(pid, at.path)) {
    return {is: 'busy', path: at.path, why: `${what} is in use: another program is connected to ${at.path}`};
  }
  const path = pathFromHere(pid, at.path);
  try {
    accessSync(path, constants.W_OK);
    return {is: 'free', path, name: at.path};
  } catch (error) {
    const why = errnoOf(error) === 'ENOENT' ? 'its socket is not there (any more)' : 'permission denied';
    return {is: 'closed', why: `${what} cannot be attached to: ${at.path}: ${why}`};
  }
}

export type Unreachable = Exclude<Reach, {is: 'free'}>;

/** What has to be known of an emulator. */
export interface Reached {
  readonly process: {readonly pid: number};
  /** The slaves of its ptys in the order of making; undefined where this user may not know. */
  readonly ptys: readonly string[] | undefined;
}

/** Who is connected to a socket that a process listens on, as far as `ss` says. */
export async function holderOfSocket(path: string): Promise<SocketHolder | undefined> {
  const {output} = await runProgram('ss', ['-x', '-p', '-n'], {timeoutMs: SS_TIMEOUT_MS});
  return parsePeer(output, path);
}

/**
 * The slaves of the ptys that a process has made, in the order of making: descriptors are given in rising order.
 * Source: Linux, Documentation/filesystems/proc.rst, fdinfo of a ptmx has its `tty-index`.
 *
 * @returns undefined where this user may not look
 */
export function ptysOf(pid: number): readonly string[] | undefined {
  const directory = `/proc/${pid}/fd`;
  const fds = allowed(() => readdirSync(directory))
    ?.map(Number)
    .sort((a, b) => a - b);
  return fds?.flatMap(fd => {
    const target = allowed(() => readlinkSync(`${directory}/${fd}`));
    if (target === undefined || !/\/ptmx$/.test(target)) return [];
    const info = allowed(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')) ?? '';
    const index = /^tty-index:\s*(\d+)$/m.exec(info)?.[1];
    return index === undefined ? [] : [pathFromHere(pid, `/dev/pts/${index}`)];
  });
}

/** Another process that has a file open; undefined where there is none that this user may see. */
export function holderOfFile(path: string, except: readonly number[]): SocketHolder | undefined {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || except.includes(pid)) continue;
    const fds = allowed(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    if (fds.some(fd => allowed(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === path)) {
      return {pid, program: allowed(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))?.trim() ?? ''};
    }
  }
  return undefined;
}

function namespaceOf(pid: number | 'self', kind: 'mnt' | 'net'): string | undefined {
  return allowed(() => readlinkSync(`/proc/${pid}/ns/${kind}`));
}

/** Undefined for what is gone or another user's. */
function allowed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
