import {expect, test} from 'vitest';
import {parsePeer, parseUnixSockets} from '../../src/driver/foreign/socket-holders.ts';

/** As Linux 6.1 prints it: one that waits to be taken, one that is connected, the one that listens. */
const UNIX = `Num       RefCount Protocol Flags    Type St Inode Path
000000008c1809a8: 00000003 00000000 00000000 0001 02     0 /tmp/a dir/q.sock
0000000027cf1c54: 00000003 00000000 00000000 0001 03 3286270 /tmp/a dir/q.sock
0000000054554e29: 00000002 00000000 00010000 0001 01 3286206 /tmp/a dir/q.sock
00000000dde50cac: 00000003 00000000 00000000 0001 03 3286208
`;

test('tells who listens from who is connected, and leaves out what has no path', () => {
  expect(parseUnixSockets(UNIX)).toEqual([
    {path: '/tmp/a dir/q.sock', state: 'other'},
    {path: '/tmp/a dir/q.sock', state: 'connected'},
    {path: '/tmp/a dir/q.sock', state: 'listening'},
  ]);
});

/** As `ss -x -p -n` of iproute2 6.1 prints it. */
const SS = `Netid State  Recv-Q Send-Q  Local Address:Port  Peer Address:Port  Process
u_str ESTAB  0      0       /tmp/q.sock 3286270            * 3286269 users:(("qemu-system-x86",pid=29701,fd=16))
u_str ESTAB  0      0                 * 3284665            * 0       users:(("socat",pid=29714,fd=5))
u_str ESTAB  0      0                 * 3286269            * 3286270 users:(("socat",pid=29710,fd=5))
u_str ESTAB  0      0       /tmp/other 1            * 2
`;

test("finds the client of a socket by its peer's number", () => {
  expect(parsePeer(SS, '/tmp/q.sock')).toEqual({program: 'socat', pid: 29710});
  expect(parsePeer(SS, '/tmp/other')).toBeUndefined();
  expect(parsePeer('', '/tmp/q.sock')).toBeUndefined();
});
