import {execFileSync} from 'node:child_process';
import {chmodSync, chownSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {LiveStatus} from '../../src/driver/live-status.ts';
import {parseQmpJson} from '../../src/monitor/qmp-json.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

let harness: DriverHarness;
beforeEach(async () => {
  harness = await DriverHarness.open();
});
afterEach(() => harness.dispose());

const CONTROLLERS = "<controller type='scsi' model='virtio-scsi'/><controller type='usb' model='qemu-xhci'/>";
const disk = (path: string, dev: string, bus: string, more = '') =>
  `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/><target dev='${dev}' bus='${bus}'/>${more}</disk>`;

async function image(name: string): Promise<string> {
  const path = harness.root.join(name);
  await writeFile(path, Buffer.alloc(1 << 20));
  return path;
}

async function start(...edits: readonly (readonly [string, string])[]): Promise<void> {
  await harness.define('demo', ['<serial', `${CONTROLLERS}<serial`], ...edits);
  await harness.hypervisor.domainCreate('demo');
}

/** Files of the blocks that the emulator has open. */
async function openFiles(): Promise<readonly string[]> {
  const answer = await harness.hypervisor.domainMonitorCommand('demo', 'query-named-block-nodes', {format: 'qmp'});
  const {return: nodes} = parseQmpJson(answer) as unknown as {readonly return: readonly {readonly file: string}[]};
  return nodes.map(({file}) => file);
}

const attach = (xml: string, affects?: readonly ('live' | 'config')[]) =>
  harness.hypervisor.domainAttachDevice('demo', xml, affects ? {affects} : {});
const detach = (target: string, affects?: readonly ('live' | 'config')[]) =>
  harness.hypervisor.domainDetachDevice('demo', {target}, affects ? {affects} : {});
const xml = (inactive = false) => harness.hypervisor.domainGetXml('demo', {inactive});

describe.skipIf(!hasQemu)('a disk of a guest that runs (needs qemu-system-x86_64)', () => {
  test.each(['scsi', 'usb'])('comes and goes on the %s bus', async bus => {
    await start();
    const path = await image('more.img');
    const before = await xml();
    await attach(disk(path, 'sdb', bus));
    expect(await openFiles()).toContain(path);
    expect(await xml()).toContain(`<source file='${path}' index='2'/>`);
    expect(await xml(true)).not.toContain(path);
    await expect(attach(disk(path, 'sdb', bus))).rejects.toThrow("the target 'sdb' exists already");
    await detach('sdb');
    expect(await openFiles()).not.toContain(path);
    expect(await xml()).toBe(before);
    await attach(disk(path, 'sdb', bus));
    await harness.reopen();
    await detach('sdb');
    expect(await openFiles()).not.toContain(path);
  });

  test('that went by a command of the monitor is cleared away all the same', async () => {
    await start();
    const path = await image('more.img');
    await attach(disk(path, 'sdb', 'usb'));
    await harness.hypervisor.domainMonitorCommand('demo', 'device_del usb-disk1', {format: 'hmp'});
    await detach('sdb');
    expect(await openFiles()).not.toContain(path);
    expect(await xml()).not.toContain(path);
  });

  test('is of the definition alone where that is asked, and for its next start of both', async () => {
    await start();
    const path = await image('more.img');
    await attach(disk(path, 'sdb', 'usb'), ['config']);
    expect(await xml()).not.toContain(path);
    expect(await xml(true)).toContain(path);
    await detach('sdb', ['config']);
    expect(await xml(true)).not.toContain(path);
    await attach(disk(path, 'sdb', 'usb'), ['live', 'config']);
    await harness.hypervisor.domainDestroy('demo');
    await harness.untilOff('demo');
    await harness.hypervisor.domainCreate('demo');
    expect(await openFiles()).toContain(path);
    await detach('sdb', ['live', 'config']);
    expect(await xml(true)).not.toContain(path);
  });

  test('that the emulator refuses leaves the guest as it was', async () => {
    await start();
    const before = await xml();
    const path = await image('small.qcow2');
    const bad = disk(path, 'sdb', 'usb').replace("type='raw'", "type='qcow2'");
    await expect(attach(bad)).rejects.toThrow("cannot open disk 'sdb' of domain 'demo'");
    await expect(attach(disk(harness.root.join('none.img'), 'sdb', 'usb'))).rejects.toThrow('No such file');
    expect(await xml()).toBe(before);
    expect(await openFiles()).not.toContain(path);
    await attach(disk(path, 'sdb', 'usb'));
    await attach(
      disk(await image('third.img'), 'sdc', 'scsi', '<iotune><total_bytes_sec>1000000</total_bytes_sec></iotune>'),
    );
    expect(await xml()).toContain("third.img' index='3'/>");
  });

  test.each([
    ['<sound> of all', "<sound model='ich9'/>", 'hot plug of <sound> is not supported'],
    ['a disk on the ide bus', disk('/x.img', 'hdd', 'ide'), 'hot plug of a disk on the ide bus is not supported'],
    ['a disk of a controller that it has not', disk('/dev/null', 'sdz', 'scsi'), 'it has no such SCSI controller'],
    ['what is no device', '<nothing/>', 'cannot read the device: one problem'],
    [
      'a USB device that is not there',
      "<hostdev mode='subsystem' type='usb'><source><vendor id='0xdead'/><product id='0xbeef'/></source></hostdev>",
      'dead',
    ],
  ])('is refused for %s', async (_, device, why) => {
    await start();
    const before = await xml();
    await expect(attach(device)).rejects.toThrow(why);
    expect(await xml()).toBe(before);
  });

  const Q35 = [
    ["machine='pc'", "machine='q35'"],
    ["dev='hda' bus='ide'", "dev='sda' bus='sata'"],
  ] as const;
  const PORT = [
    '<serial',
    "<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'/><serial",
  ] as const;

  test('takes a PCI port on q35, and stays as long as the guest does not let go of it', async () => {
    await start(...Q35, PORT);
    const [first, second] = [await image('first.img'), await image('second.img')];
    await attach(disk(first, 'vdb', 'virtio'));
    expect(await xml()).toMatch(
      /vdb[\s\S]*<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'\/>/,
    );
    await expect(attach(disk(second, 'vdc', 'virtio'))).rejects.toThrow('it has no PCI root port that is free');
    await expect(detach('vdb')).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      message: "cannot detach disk 'vdb' of domain 'demo': the guest did not let go of it in 5 s",
    });
    expect(await xml()).toContain(first);
    expect(await openFiles()).toContain(first);
    const gone = Promise.withResolvers<void>();
    const look = async () => (await xml()).includes(first) || gone.resolve();
    harness.hypervisor.onDomainEvent(() => void look());
    await harness.hypervisor.domainReset('demo'); // the port lets go of it then
    await gone.promise;
    expect(await openFiles()).not.toContain(first);
    await attach(disk(second, 'vdc', 'virtio'));
  });

  test('is a PCI device of a pc', async () => {
    await start();
    const path = await image('more.img');
    await attach(disk(path, 'vdb', 'virtio'));
    expect(await openFiles()).toContain(path);
  });
});

const [UID, GID] = [61_155, 61_209];
const isRoot = process.getuid?.() === 0;

describe.skipIf(!hasQemu || !isRoot)('files of a guest of another user (needs root and qemu-system-x86_64)', () => {
  const ownerOf = (path: string) => [statSync(path).uid, statSync(path).gid];
  const nodes = async () => {
    const {uuid} = await harness.hypervisor.domainLookup('demo');
    const status: LiveStatus = JSON.parse(readFileSync(harness.root.join('run', uuid, 'status.json'), 'utf8'));
    return status.confinement?.cgroup?.devices.map(({node}) => node);
  };
  const registry = () => readFileSync(harness.root.join('lib/grants.json'), 'utf8');

  beforeEach(() => {
    chmodSync(harness.root.path, 0o711);
    writeFileSync(harness.root.join('etc/qemu.conf'), `user = "+${UID}"\ngroup = "+${GID}"\n`);
  });

  const secret = async (name: string) => {
    const path = await image(name);
    chmodSync(path, 0o600);
    chownSync(path, 12_345, 12_345);
    return path;
  };

  test('are its own while it has the disk, and are given back with it', async () => {
    await start();
    const path = await secret('more.img');
    await attach(disk(path, 'sdb', 'usb'));
    expect(ownerOf(path)).toEqual([UID, GID]);
    const {checks} = await harness.hypervisor.domainSecurity('demo');
    expect(checks.filter(({verdict}) => verdict === 'drift')).toEqual([]);
    await detach('sdb');
    expect(ownerOf(path)).toEqual([12_345, 12_345]);
    expect(registry()).not.toContain(path);
    await attach(disk(path, 'sdb', 'usb'));
    const {pid = 0} = await harness.hypervisor.domainLookup('demo');
    await harness.reopen(() => void process.kill(pid, 'SIGKILL'));
    await harness.untilOff('demo');
    expect(ownerOf(path)).toEqual([12_345, 12_345]);
  });

  test('are as they were when the emulator refuses', async () => {
    await start();
    const path = await secret('bad.img');
    const bad = disk(path, 'sdb', 'usb').replace("type='raw'", "type='vmdk'");
    await expect(attach(bad)).rejects.toThrow();
    expect(ownerOf(path)).toEqual([12_345, 12_345]);
    expect(registry()).not.toContain(path);
  });

  test('are on its list of devices, where they are some', async context => {
    const path = await secret('device.img');
    let device: string;
    try {
      device = execFileSync('losetup', ['--find', '--show', path], {encoding: 'utf8', stdio: 'pipe'}).trim();
    } catch {
      return context.skip('no loop device can be had here');
    }
    try {
      await start();
      const [before, owner] = [await nodes(), ownerOf(device)];
      if (before === undefined) return context.skip('no control group holds a guest to a list here');
      const block = disk(device, 'sdb', 'scsi').replace("type='file'", "type='block'").replace('file=', 'dev=');
      await attach(block);
      expect(await nodes()).toEqual([...before, device]);
      expect(ownerOf(device)).toEqual([UID, GID]);
      await expect(attach(block.replace('sdb', 'sdc').replace("type='raw'", "type='qcow2'"))).rejects.toThrow();
      expect(await nodes()).toEqual([...before, device]);
      expect(ownerOf(device)).toEqual([UID, GID]);
      await detach('sdb');
      expect(await nodes()).toEqual(before);
      expect(ownerOf(device)).toEqual(owner);
      await harness.hypervisor.domainDestroy('demo');
    } finally {
      execFileSync('losetup', ['-d', device]);
    }
  });
});
