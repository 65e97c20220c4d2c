import {createServer, type Server} from 'node:net';
import {expect, test} from 'vitest';
import type {ArgvSettings} from '../../src/driver/argv/argv-input.ts';
import {PortAllocator} from '../../src/driver/port-allocator.ts';
import {planScreenPasswords} from '../../src/driver/screen-passwords.ts';
import {withScreenPorts} from '../../src/driver/screen-ports.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const HOST = '127.0.0.1';

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({port, host: HOST}, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('it does not listen');
  return address.port;
}

/** Some ports that are free now, one after the other. */
async function freeRange(): Promise<{readonly first: number; readonly last: number}> {
  const server = await listen(0);
  const first = portOf(server);
  await new Promise(resolve => server.close(resolve));
  return {first, last: Math.min(first + 200, 65535)};
}

test('a port that somebody listens on, or that was given away and not released, is not chosen', async () => {
  const range = await freeRange();
  const ports = new PortAllocator();
  const first = await ports.choose(range, HOST);
  const server = await listen(first);
  const second = await ports.choose(range, HOST);
  expect(second).toBeGreaterThan(first);
  ports.release([first, second]);
  expect(await ports.choose(range, HOST)).toBe(second);
  await new Promise(resolve => server.close(resolve));
});

test('two that choose at the same time get different ports', async () => {
  const range = await freeRange();
  const ports = new PortAllocator();
  const chosen = await Promise.all([1, 2, 3].map(() => ports.choose(range, HOST)));
  expect(new Set(chosen).size).toBe(3);
});

test('that all ports are taken is told', async () => {
  const server = await listen(0);
  const range = {first: portOf(server), last: portOf(server)};
  await expect(new PortAllocator().choose(range, HOST)).rejects.toThrow(
    `cannot find a free port for a screen on 127.0.0.1: ${range.first} to ${range.last} are all taken`,
  );
  await new Promise(resolve => server.close(resolve));
});

test.each<[string, ArgvSettings, readonly string[]]>([
  ["<graphics type='vnc' autoport='yes' websocket='-1'/>", {}, ['port', 'websocket']],
  ["<graphics type='vnc' port='5999'/>", {}, []],
  ["<graphics type='vnc'><listen type='socket'/></graphics>", {}, []],
  ["<graphics type='spice' autoport='yes'/>", {}, ['port']],
  ["<graphics type='spice' autoport='yes'/>", {spice: {tls: {}}}, ['port', 'tlsPort']],
  ["<graphics type='spice' port='-1'/>", {}, ['port']],
  ["<graphics type='spice'/>", {}, []],
])('%s gets the ports that it leaves to the host', async (devices, settings, expected) => {
  const range = await freeRange();
  const def = readDomain(domainXml({devices}));
  const own = {...settings, displayPorts: range, websocketPorts: range};
  const {def: ported, chosen} = await withScreenPorts(def, new PortAllocator(), own);
  const [screen] = devicesOf(ported, 'graphics');
  const values = new Map(Object.entries(screen ?? {}));
  expect(chosen).toHaveLength(expected.length);
  expect(expected.map(name => values.get(name))).toEqual(chosen);
});

test('passwords are set over the monitor, with their end, and those of the host where a screen has none', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const devices = `<graphics type='vnc' passwd='own' passwdValidTo='2026-01-02T00:00:00' connected='keep'/>
    <graphics type='spice'/>`;
  const def = readDomain(domainXml({devices}));
  expect(planScreenPasswords(def, {spice: {password: 'common'}}, nowMs)).toEqual([
    {execute: 'set_password', arguments: {protocol: 'vnc', password: 'own', connected: 'keep'}},
    {execute: 'expire_password', arguments: {protocol: 'vnc', time: String(Date.UTC(2026, 0, 2) / 1000)}},
    {execute: 'set_password', arguments: {protocol: 'spice', password: 'common'}},
    {execute: 'expire_password', arguments: {protocol: 'spice', time: 'never'}},
  ]);
  expect(planScreenPasswords(def, {}, Date.UTC(2027, 0, 1)).at(-1)).toEqual({
    execute: 'expire_password',
    arguments: {protocol: 'vnc', time: 'now'},
  });
});
