/** A unix socket of `/proc/net/unix` that has a path. */
export interface UnixSocket {
  readonly path: string;
  readonly state: 'listening' | 'connected' | 'other';
}

/** The kernel's number of a stream socket that is connected and taken. Source: Linux, include/uapi/linux/net.h, SS_CONNECTED. */
const CONNECTED = '03';
/** Source: Linux, include/linux/net.h, SO_ACCEPTCON, as net/unix/af_unix.c, unix_seq_show prints it. */
const LISTENING = 0x10000;

/**
 * Reads `/proc/net/unix`: a line for each socket, `Num RefCount Protocol Flags Type St Inode Path`. The server's end of a
 * connection bears the path of the socket that it came over; one that is not taken yet is in another state.
 */
export function parseUnixSockets(text: string): readonly UnixSocket[] {
  return text.split('\n').flatMap((line): readonly UnixSocket[] => {
    const match = /^[0-9a-f]+: \S+ \S+ (\S+) \S+ (\S+) +\d+ (.+)$/i.exec(line);
    if (!match) return [];
    const [, flags = '', state = '', path = ''] = match;
    if (Number.parseInt(flags, 16) & LISTENING) return [{path, state: 'listening'}];
    return [{path, state: state === CONNECTED ? 'connected' : 'other'}];
  });
}

/** A process that holds an end of a socket. Outside text. */
export interface SocketHolder {
  readonly program: string;
  readonly pid: number;
}

/**
 * Who is connected to a listening unix socket, from what `ss -x -p -n` prints: the server's end names the path and the
 * number of its peer, the peer's own line names its process. Undefined where that is another user's.
 */
export function parsePeer(text: string, path: string): SocketHolder | undefined {
  const lines = text.split('\n').map(line => line.trim().split(/\s+/));
  const server = lines.find(([, state, , , local]) => state === 'ESTAB' && local === path);
  const peer = server?.[7];
  if (peer === undefined) return undefined;
  const client = lines.find(fields => fields[5] === peer);
  const match = /users:\(\("([^"]*)",pid=(\d+)/.exec(client?.slice(8).join(' ') ?? '');
  return match ? {program: match[1] ?? '', pid: Number(match[2])} : undefined;
}
