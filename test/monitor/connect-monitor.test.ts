import {symlinkSync, writeFileSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {connectQmp, connectUnixSocket} from '../../src/monitor/connect-monitor.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

const GREETING = '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": []}}\r\n';

let root: TempRoot;
let server: Server;
let connections: Socket[];
beforeEach(async () => {
  root = await makeTempRoot();
  connections = [];
});
afterEach(async () => {
  for (const connection of connections) connection.destroy();
  await new Promise<void>(resolve => server.close(() => resolve()));
  await root.remove();
});

/** A monitor that greets from the connection of that number on, and answers everything. */
async function listen(greetsFrom: number): Promise<string> {
  const path = root.join('monitor.sock');
  server = createServer(connection => {
    connections.push(connection);
    if (connections.length >= greetsFrom) connection.write(GREETING);
    connection.on('data', data => connection.write(`{"return": {}, "id": ${JSON.parse(String(data)).id}}\r\n`));
    connection.on('error', () => {}); // the client has given it up
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  return path;
}

test('a connection that is not greeted is given up for another', async () => {
  const path = await listen(3);
  const monitor = await connectQmp(path, {timeoutMs: 10_000, greetingTimeoutMs: 20});
  expect(monitor.state).toBe('ready');
  expect(connections).toHaveLength(3);
  monitor.dispose();
});

test('a monitor that greets nobody fails when the time is over', async () => {
  const path = await listen(Number.POSITIVE_INFINITY);
  await expect(connectQmp(path, {timeoutMs: 60, greetingTimeoutMs: 20})).rejects.toMatchObject({
    code: 'OPERATION_TIMEOUT',
  });
});

test('where nobody listens, it fails at once and says why', async () => {
  await listen(1);
  await expect(connectQmp(root.join('other.sock'), {timeoutMs: 10_000})).rejects.toMatchObject({
    code: 'OPERATION_FAILED',
    cause: {code: 'ENOENT'},
  });
});

test('a link to a socket, and what is no socket, are not connected to', async () => {
  const path = await listen(1);
  symlinkSync(path, root.join('link.sock'));
  writeFileSync(root.join('file.sock'), '');
  await expect(connectUnixSocket(root.join('link.sock'))).rejects.toThrow('it is no socket');
  await expect(connectUnixSocket(root.join('file.sock'))).rejects.toThrow('it is no socket');
  expect(connections).toHaveLength(0);
});
