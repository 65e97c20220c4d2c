import {existsSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import type {DeviceDef} from '../../src/model/devices/device-def.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {withEmulator} from './run-emulator.ts';

const X86 = '/usr/bin/qemu-system-x86_64';
const FIRMWARE_BYTES = 256 * 1024;

/** Names with what command lines stumble over; never too long for a file name, no slash. */
const awkward = fc
  .array(
    fc.constantFrom(',', ',,', '=', ' ', '"', "'", '\\', '-', 'on', 'é', '日本', '😀', 'a', '{', '}', '$(x)', '*', ':'),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map(parts => `-${parts.join('')}`);

/** A PC with a disk or drive on every bus, serial lines of every kind, and user networking. */
function everyDevice(directory: string, name: string): readonly DeviceDef[] {
  const file = (what: string) => `${directory}/${what}${name}`;
  const disk = {kind: 'disk', device: 'disk', driver: {format: 'raw'}, readonly: false, shareable: false} as const;
  const source = {type: 'file', path: file('disk')} as const;
  const readonlySource = {...disk, source, readonly: true};
  return [
    {
      ...disk,
      source: {type: 'file', path: file('own')},
      target: {dev: 'hda', bus: 'ide'},
      driver: {format: 'raw', cache: 'writethrough'},
    },
    {...disk, device: 'cdrom', readonly: true, target: {dev: 'hdc', bus: 'ide'}},
    {
      ...readonlySource,
      target: {dev: 'vda', bus: 'virtio'},
      serial: name.slice(0, 4),
      driver: {format: 'raw', cache: 'unsafe'},
    },
    {...readonlySource, device: 'cdrom', target: {dev: 'sda', bus: 'sata'}},
    {...readonlySource, target: {dev: 'sdh', bus: 'scsi'}, shareable: true},
    {kind: 'interface', type: 'user', mac: '52:54:00:00:00:01'},
    {kind: 'interface', type: 'user', mac: '52:54:00:00:00:02', model: 'virtio'},
    {kind: 'serial', port: 0, source: {type: 'pty'}, log: {file: file('log'), append: true}},
    {kind: 'serial', port: 1, source: {type: 'file', path: file('out'), append: false}},
    {kind: 'console', targetType: 'serial', port: 0, source: {type: 'pty'}},
    {kind: 'console', targetType: 'virtio', port: 1, source: {type: 'null'}},
    {
      kind: 'graphics',
      type: 'vnc',
      port: -1,
      autoport: true,
      listens: [{type: 'address', address: '127.0.0.1'}],
      keymap: 'de',
    },
  ];
}

async function probed(path: string): Promise<EmulatorCaps> {
  const result = await probeEmulator(path);
  if (result.status !== 'ok') throw new Error(result.why);
  return result.caps;
}

async function makeFiles(directory: string, name: string): Promise<void> {
  await rm(directory, {recursive: true, force: true});
  await mkdir(directory);
  for (const what of ['disk', 'own']) await writeFile(`${directory}/${what}${name}`, Buffer.alloc(65536));
  await writeFile(`${directory}/rom${name}`, Buffer.alloc(FIRMWARE_BYTES));
}

test.runIf(existsSync(X86))(
  'QEMU takes every device with awkward names and paths, and reads them back as they were',
  async () => {
    const caps = await probed(X86);
    const loader = fc.constantFrom('rom', 'pflash');
    await withTempRoot(root =>
      fc.assert(
        fc.asyncProperty(awkward, loader, fc.boolean(), async (name, type, acpi) => {
          const directory = root.join('d,=');
          await makeFiles(directory, name);
          const plain = readDomain(domainXml());
          const def: DomainDef = {
            ...plain,
            name,
            os: {...plain.os, boot: ['cdrom', 'hd'], loader: {path: `${directory}/rom${name}`, type, readonly: true}},
            features: {...plain.features, acpi},
            clock: {offset: 'variable', adjustmentSeconds: -86_400},
            devices: everyDevice(directory, name),
          };
          await withEmulator({def, path: X86, caps, runDir: root.path}, async monitor => {
            expect(await monitor.execute('query-name')).toEqual({name});
            expect(await monitor.execute('query-status')).toMatchObject({status: 'prelaunch'});
            const nodes = await monitor.execute('query-named-block-nodes', {flat: true});
            expect(JSON.stringify(nodes)).toContain(JSON.stringify(`${directory}/disk${name}`).slice(1, -1));
            expect(existsSync(`${directory}/log${name}`)).toBe(true);
          });
        }),
        {numRuns: 5},
      ),
    );
  },
  60_000,
);

const DISK = (dev: string, bus: string, device = 'disk') =>
  `<disk type='file' device='${device}'><source file='DIR/${dev}'/><target dev='${dev}' bus='${bus}'/></disk>`;
const NIC = "<interface type='user'/>";
const SERIAL = "<serial type='pty'><log file='DIR/log' append='on'/><target port='0'/></serial>";
const VNC = "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>";

test.each([
  ['x86_64', 'q35', [DISK('sda', 'sata'), DISK('sdb', 'sata', 'cdrom'), NIC, SERIAL]],
  ['x86_64', 'isapc', [DISK('hda', 'ide'), SERIAL]],
  ['x86_64', 'microvm', [SERIAL]],
  ['i686', 'pc', [DISK('hda', 'ide'), DISK('hdc', 'ide', 'cdrom'), NIC, SERIAL, VNC]],
  ['ppc', 'g3beige', [DISK('hda', 'ide'), NIC, SERIAL]],
  ['ppc', 'mac99', [DISK('hda', 'ide'), DISK('sda', 'scsi'), NIC, SERIAL, VNC]],
  ['ppc64', 'pseries', [DISK('vda', 'virtio'), DISK('sda', 'scsi'), NIC, SERIAL]],
  ['sparc', 'SS-5', [DISK('sda', 'scsi'), NIC, SERIAL, VNC]],
  ['sparc64', 'sun4u', [DISK('hda', 'ide'), NIC, SERIAL]],
])(
  '%s %s takes its usual devices',
  async (arch, machine, devices) => {
    const path = `/usr/bin/qemu-system-${arch === 'i686' ? 'i386' : arch}`;
    if (!existsSync(path)) return;
    const caps = await probed(path);
    await withTempRoot(async root => {
      for (const dev of ['hda', 'hdc', 'sda', 'sdb', 'vda']) await writeFile(root.join(dev), Buffer.alloc(65536));
      const os = `<os><type arch='${arch}' machine='${machine}'>hvm</type><boot dev='hd'/></os>`;
      const memory = `<memory unit='MiB'>${arch === 'ppc64' ? 256 : 64}</memory>`;
      const xml = domainXml({os, memory, devices: devices.join('').replaceAll('DIR', root.path)});
      const def = readDomain(xml);
      const run = {def, path, caps, runDir: root.path};
      expect(await withEmulator(run, monitor => monitor.execute('query-status'))).toMatchObject({running: false});
    });
  },
  20_000,
);
