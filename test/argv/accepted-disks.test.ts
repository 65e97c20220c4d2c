import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {diskSecrets} from '../../src/driver/argv/devices/image-secrets.ts';
import {secretFile} from '../../src/driver/argv/secret-args.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {waitForChange} from '../../src/host/wait-for.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {type DomainDef, devicesOf} from '../../src/model/domain-def.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import type {QmpValue} from '../../src/monitor/qmp-json.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {hasQemuImg, LUKS_TIMEOUT_MS, makeImage, makeLuksImage} from '../support/disk-images.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {withEmulator} from './run-emulator.ts';

const X86 = '/usr/bin/qemu-system-x86_64';
const ARM = '/usr/bin/qemu-system-arm';
const QEMU_NBD = '/usr/bin/qemu-nbd';
const STORAGE_DAEMON = '/usr/bin/qemu-storage-daemon';
const PASSPHRASE = 'a, b';

/** What `query-block` says of a guest's disks, by the id of the device. */
type Drives = Readonly<Record<string, QmpValue>>;

describe.skipIf(!existsSync(X86) || !hasQemuImg)(`disks that ${X86} really opens (needs it and qemu-img)`, () => {
  let caps: EmulatorCaps;
  let root: TempRoot;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    const probed = await probeEmulator(X86);
    if (probed.status !== 'ok') throw new Error(probed.why);
    caps = probed.caps;
    root = await makeTempRoot();
    for (const format of ['raw', 'qcow2', 'vmdk', 'vdi', 'qcow', 'qed', 'vpc', 'parallels', 'vhdx'])
      makeImage(root.join(format), format);
    await mkdir(root.join('dir'));
    await writeFile(root.join('dir/file'), 'text');
    makeLuksImage(root.join('luks'), PASSPHRASE);
    makeLuksImage(root.join('qcow2-luks'), PASSPHRASE, 'qcow2');
  }, LUKS_TIMEOUT_MS);
  afterEach(() => {
    for (const server of servers.splice(0)) server.kill();
  });
  afterAll(() => root.remove());

  /** Starts a guest with these disks and gives what it says of them; `DIR/` is where the images are. */
  async function drivesOf(devices: string, options: {readonly more?: string; readonly caps?: EmulatorCaps} = {}) {
    const os = "<os><type arch='x86_64' machine='pc'>hvm</type></os>";
    const memory = "<memory unit='MiB'>32</memory>";
    const xml = domainXml({os, memory, devices: devices.replaceAll('DIR/', `${root.path}/`), more: options.more ?? ''});
    const def = readDomain(xml);
    await writeSecrets(def);
    const run = {def, path: X86, caps: options.caps ?? caps, runDir: root.path};
    return withEmulator(run, async monitor => byDevice(await monitor.execute('query-block')));
  }

  /** The values that the driver would have written. */
  async function writeSecrets(def: DomainDef): Promise<void> {
    for (const disk of devicesOf(assignAliases(def), 'disk')) {
      for (const secret of diskSecrets(disk, undefined)) {
        const text = secret.value.from === 'store' ? Buffer.from(PASSPHRASE).toString('base64') : secret.value.text;
        await writeFile(secretFile(secret, root.path), text);
      }
    }
  }

  async function serve(program: string, args: readonly string[], socket: string): Promise<void> {
    const server = spawn(program, args, {stdio: 'ignore'});
    servers.push(server);
    await once(server, 'spawn');
    const listens = async () => (existsSync(socket) ? true : undefined);
    expect(await waitForChange(root.path, listens, {timeoutMs: 15_000})).toBe(true);
  }

  const disk = (dev: string, file: string, format = 'raw', more = '') =>
    `<disk><driver type='${format}'/><source file='DIR/${file}'/><target dev='${dev}'/>${more}</disk>`;

  test('of every format that the emulator was built with', async () => {
    const formats: readonly (readonly [string, string])[] = [
      ['raw', 'raw'],
      ['qcow2', 'qcow2'],
      ['qcow', 'qcow'],
      ['qed', 'qed'],
      ['vmdk', 'vmdk'],
      ['vdi', 'vdi'],
      ['vpc', 'vpc'],
      ['parallels', 'ploop'],
      ['vhdx', 'vhd'],
    ];
    const disks = formats.map(([file, format], index) => disk(`vd${String.fromCharCode(97 + index)}`, file, format));
    const drives = await drivesOf(disks.join(''));
    expect(Object.values(drives)).toMatchObject(formats.map(([drv]) => ({inserted: {drv, ro: false}})));
  });

  test('that are encrypted, alone and below others', async () => {
    const encryption = "<encryption format='luks'><secret type='passphrase' usage='u/1'/></encryption>";
    const below = `<backingStore type='file'><format type='raw'/><source file='DIR/luks'>${encryption}</source><backingStore/></backingStore>`;
    makeImage(root.join('over-luks'), 'qcow2');
    const drives = await drivesOf(
      disk('vda', 'qcow2-luks', 'qcow2', encryption) +
        `<disk><driver type='qcow2'/><source file='DIR/over-luks'/>${below}<target dev='vdb'/></disk>`,
    );
    expect(drives).toMatchObject({
      'virtio-disk0': {inserted: {drv: 'qcow2', encrypted: true}},
      'virtio-disk1': {inserted: {drv: 'qcow2', image: {'backing-image': {format: 'luks', encrypted: true}}}},
    });
  });

  test('with the images below that the definition names, and no others', async () => {
    makeImage(root.join('top'), 'qcow2', '-b', root.join('nowhere'), '-F', 'raw', '-u');
    const chain = `<backingStore type='file'><format type='vmdk'/><source file='DIR/vmdk'/>
      <backingStore type='file'><format type='qcow2'><metadata_cache><max_size unit='KiB'>64</max_size></metadata_cache></format>
      <source file='DIR/qcow2'/><backingStore/></backingStore></backingStore>`;
    const drives = await drivesOf(
      `<disk><driver type='qcow2' cache='none' io='native' discard='unmap' detect_zeroes='unmap'/><source file='DIR/top'/>${chain}<target dev='vda'/></disk>`,
    );
    expect(drives).toMatchObject({
      'virtio-disk0': {
        inserted: {
          backing_file_depth: 2,
          cache: {direct: true, writeback: true, 'no-flush': false},
          detect_zeroes: 'unmap',
          image: {'backing-image': {format: 'vmdk', 'backing-image': {format: 'qcow2', filename: root.join('qcow2')}}},
        },
      },
    });
  });

  test('that are a part of a file', async () => {
    const slice = (offset: number, size: number) =>
      `<slices><slice type='storage' offset='${offset}' size='${size}'/></slices>`;
    const drives = await drivesOf(
      `<disk><source file='DIR/raw'>${slice(512, 65536)}</source><target dev='vda'/></disk>
       <disk><driver type='qcow2'/><source file='DIR/qcow2'>${slice(0, 196_608)}</source><target dev='vdb'/></disk>`,
    );
    expect(drives).toMatchObject({
      'virtio-disk0': {inserted: {image: {'virtual-size': 65536}}},
      'virtio-disk1': {inserted: {image: {'virtual-size': 4 * 1024 * 1024}}},
    });
  });

  test('that are copied as they are read', async () => {
    const drives = await drivesOf(
      `<disk><driver type='qcow2' copy_on_read='on'/><source file='DIR/qcow2'/><target dev='vda'/></disk>`,
    );
    expect(drives).toMatchObject({'virtio-disk0': {inserted: {drv: 'copy-on-read', 'node-name': 'libvirt-CoR-vda'}}});
  });

  test('that are a directory', async () => {
    const drives = await drivesOf(
      `<disk type='dir' device='floppy'><source dir='DIR/dir'/><target dev='fda'/><readonly/></disk>
       <disk type='dir'><source dir='DIR/dir'/><target dev='vda'/><readonly/></disk>`,
    );
    expect(drives).toMatchObject({
      'fdc0-0-0': {inserted: {ro: true, image: {'virtual-size': 2880 * 1024}}},
      'virtio-disk0': {inserted: {ro: true}},
    });
  });

  test('on every bus, with everything that the guest is told of them', async () => {
    const one = (target: string, more: string, driver = '') => {
      const file = /'(.*?)'/.exec(target)?.[1] ?? '';
      makeImage(root.join(file), 'raw');
      return `<disk><driver ${driver}/><source file='DIR/${file}'/><target ${target}/>${more}</disk>`;
    };
    const drives = await drivesOf(
      [
        "<controller type='scsi' index='0' model='virtio-scsi'/>",
        one(
          "dev='vda' bus='virtio'",
          "<serial>S_1 a</serial><blockio logical_block_size='512' physical_block_size='4096' discard_granularity='65536'/>",
          "name='qemu' error_policy='enospace' rerror_policy='report' queues='2' queue_size='128' iothread='1' ioeventfd='on' event_idx='off' packed='on' io='threads'",
        ),
        one(
          "dev='sda' bus='scsi' removable='on' rotation_rate='7200'",
          '<wwn>5000c50015ea71ac</wwn><vendor>V</vendor><product>P</product><shareable/>',
          "cache='writethrough'",
        ),
        one("dev='sdb' bus='sata' rotation_rate='1'", '<serial>S</serial>', "cache='unsafe' error_policy='stop'"),
        one("dev='sdc' bus='usb' removable='on'", '', "cache='directsync' io='io_uring'"),
        one("dev='hda' bus='ide'", "<geometry cyls='130' heads='2' secs='31' trans='none'/>", "cache='writeback'"),
        "<disk device='cdrom'><target dev='hdb' bus='ide' tray='open'/></disk>",
        "<disk device='cdrom'><source file='DIR/raw'/><target dev='sdd' bus='scsi'/></disk>",
        "<disk device='floppy'><target dev='fdb'/></disk>",
      ].join(''),
      {more: '<iothreads>1</iothreads>'},
    );
    expect(drives).toMatchObject({
      'virtio-disk0': {inserted: {ro: false}},
      'scsi0-0-0-0': {inserted: {cache: {writeback: false}}, removable: true},
      'sata0-0-1': {inserted: {cache: {'no-flush': true}}},
      'usb-disk2': {inserted: {cache: {direct: true}}},
      'ide0-0-0': {inserted: {cache: {writeback: true}}},
      'ide0-0-1': {removable: true},
      'scsi0-0-0-3': {inserted: {ro: true}, removable: true},
      'fdc0-0-1': {removable: true},
    });
  });

  test.skipIf(!existsSync(QEMU_NBD))(`that are served over a socket (needs ${QEMU_NBD})`, async () => {
    const socket = root.join('nbd,1.sock');
    await serve(QEMU_NBD, ['-f', 'raw', '-x', 'name, 1', '-k', socket, root.join('raw')], socket);
    const drives = await drivesOf(
      `<disk type='network'><source protocol='nbd' name='name, 1'><host transport='unix' socket='DIR/nbd,1.sock'/><reconnect delay='10'/></source><target dev='vda'/></disk>`,
    );
    expect(drives).toMatchObject({'virtio-disk0': {inserted: {image: {'virtual-size': 4 * 1024 * 1024}}}});
  });

  test.skipIf(!existsSync(STORAGE_DAEMON))(`that another process is (needs ${STORAGE_DAEMON})`, async () => {
    const socket = root.join('vhost.sock');
    const blockdev = `driver=file,filename=${root.join('raw')},node-name=n`;
    const exported = `type=vhost-user-blk,id=e,node-name=n,addr.type=unix,addr.path=${socket},writable=on`;
    await serve(STORAGE_DAEMON, ['--blockdev', blockdev, '--export', exported], socket);
    const drives = await drivesOf(
      `<disk type='vhostuser'><driver queues='1'/><source type='unix' path='DIR/vhost.sock'><reconnect enabled='yes' timeout='5'/></source><target dev='vda'/></disk>`,
      {more: "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>"},
    );
    expect(drives).toEqual({});
  });

  test('by -drive, as an emulator from before -blockdev is told of them', async () => {
    const flags = new Set([...caps.flags].filter(flag => flag !== 'blockdev'));
    const limits =
      '<iotune><total_bytes_sec>100000</total_bytes_sec><total_bytes_sec_max>200000</total_bytes_sec_max><total_bytes_sec_max_length>3</total_bytes_sec_max_length><group_name>g,1</group_name></iotune>';
    const drives = await drivesOf(
      `<disk><driver type='qcow2' cache='unsafe' error_policy='report' copy_on_read='on' discard='unmap' detect_zeroes='on'/><source file='DIR/qcow2'/><target dev='vda'/>${limits}</disk>
       ${disk('vdb', 'raw', 'raw', '<transient/>')}
       <disk type='dir'><source dir='DIR/dir'/><target dev='vdc'/><readonly/></disk>
       <disk device='cdrom'><target dev='hda'/></disk>`,
      {caps: {...caps, flags}},
    );
    expect(drives).toMatchObject({
      'virtio-disk0': {
        inserted: {drv: 'qcow2', bps: 1e5, bps_max: 2e5, bps_max_length: 3, group: 'g,1', detect_zeroes: 'on'},
      },
      'virtio-disk1': {inserted: {image: {'backing-image': {filename: root.join('raw')}}}},
      'virtio-disk2': {inserted: {ro: true}},
      'ide0-0-0': {removable: true},
    });
  });

  test.skipIf(!existsSync(ARM))(`that are a card (needs ${ARM})`, async () => {
    const probed = await probeEmulator(ARM);
    if (probed.status !== 'ok') throw new Error(probed.why);
    const os = "<os><type arch='armv7l' machine='vexpress-a9'>hvm</type></os>";
    const card = `<disk><driver type='qcow2' cache='none'/><source file='${root.join('qcow2')}'/><target dev='sda' bus='sd'/></disk>`;
    const def = readDomain(domainXml({os, memory: "<memory unit='MiB'>32</memory>", devices: card}));
    const drives = await withEmulator({def, path: ARM, caps: probed.caps, runDir: root.path}, monitor =>
      monitor.execute('query-block'),
    );
    expect(drives).toContainEqual(
      expect.objectContaining({device: 'sd0', inserted: expect.objectContaining({drv: 'qcow2'})}),
    );
  });
});

/** The id of the device is the one below `/machine/peripheral`. */
function byDevice(drives: QmpValue): Drives {
  if (!Array.isArray(drives)) throw new Error('query-block gave no list');
  return Object.fromEntries(
    drives.map(drive => [
      /^(?:\/machine\/peripheral\/)?([^/]*)/.exec(String(drive.qdev ?? drive.device))?.[1] ?? '',
      drive,
    ]),
  );
}
