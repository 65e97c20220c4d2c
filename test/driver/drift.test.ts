import {spawnSync} from 'node:child_process';
import {chmodSync, chownSync, renameSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {groupOfProcess} from '../../src/host/control-groups.ts';
import {driftOf, isOpenDevice} from '../../src/model/security-report.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;
const [UID, GID] = [61_155, 61_209];

let driver: DriverHarness;
beforeEach(async () => {
  driver = await DriverHarness.open();
});
afterEach(() => driver.dispose());

/** What differs of a guest, as the report says it; the short look has to say the same, but for devices that are open. */
async function drift(name = 'guest') {
  const full = driftOf((await driver.hypervisor.domainSecurity(name)).checks);
  const short = (await driver.hypervisor.domainDrift()).find(one => one.name === name)?.checks;
  expect(short).toEqual(full.filter(check => !isOpenDevice(check)));
  return full.map(({aspect, remedies = []}) => [aspect, ...remedies]);
}

const qmp = (execute: string, options: object) =>
  driver.hypervisor.domainMonitorCommand('guest', JSON.stringify({execute, arguments: options}), {format: 'qmp'});

/** A device with some bytes in it; undefined where the host has none to give. */
function loopDevice(image: string): string | undefined {
  writeFileSync(image, 'x'.repeat(4096));
  const {status, stdout} = spawnSync('losetup', ['--find', '--show', image], {encoding: 'utf8'});
  return status === 0 ? stdout.trim() : undefined;
}

describe.skipIf(!hasQemu || !isRoot)('what differs from what was asked (needs root and qemu-system-x86_64)', () => {
  beforeEach(async () => {
    chmodSync(driver.root.path, 0o711);
    writeFileSync(driver.root.join('etc/qemu.conf'), `user = "+${UID}"\ngroup = "+${GID}"\n`);
    await driver.define('guest');
    await driver.hypervisor.domainCreate('guest');
    expect(await drift()).toEqual([]);
  });
  const image = () => driver.root.join('guest.img');
  const disk = () => `disk 'hda' ${image()}`;

  test('a file that somebody chowned, until it is given back', async () => {
    chownSync(image(), 0, 0);
    expect(await drift()).toEqual([[disk(), `chown ${UID}:${GID} ${image()}`]]);
    chownSync(image(), UID, GID);
    expect(await drift()).toEqual([]);
  });

  test('a file whose mode keeps the guest out', async () => {
    chmodSync(image(), 0o400);
    expect(await drift()).toEqual([[disk(), `chmod u+rw ${image()}`]]);
    chmodSync(image(), 0o600);
    expect(await drift()).toEqual([]);
  });

  test('a file that another one took the place of, and one that is gone', async () => {
    const kept = driver.root.join('kept.img');
    renameSync(image(), kept);
    expect(await drift()).toEqual([[disk()]]);
    writeFileSync(image(), '');
    expect(await drift()).toEqual([[disk()]]);
    renameSync(kept, image());
    expect(await drift()).toEqual([]);
  });

  test('a process that was moved out of its control group', async ({skip}) => {
    const {pid} = await driver.hypervisor.domainLookup('guest');
    const own = pid === undefined ? undefined : groupOfProcess(pid, 'devices');
    if (!own?.includes('/virtty/')) return skip('this host has no devices controller of version 1');
    const move = (group: string) => writeFileSync(`${group}/cgroup.procs`, String(pid));
    move(dirname(dirname(dirname(dirname(own)))));
    expect((await drift()).map(([aspect]) => aspect)).toContain('control group');
    expect((await drift()).flat()).toContain(`echo ${pid} >${own}/cgroup.procs`);
    move(own);
    expect(await drift()).toEqual([]);
  });

  test('a device that was opened over a monitor and that nobody asked for', async ({skip}) => {
    const device = loopDevice(driver.root.join('more.img'));
    if (device === undefined) return skip('this host gives no loop device');
    try {
      writeFileSync(driver.root.join('etc/qemu.conf'), 'cgroup_controllers = []\nuser = "root"\n');
      await driver.hypervisor.domainDestroy('guest');
      await driver.hypervisor.domainCreate('guest');
      expect(await drift()).toEqual([]);
      await qmp('blockdev-add', {driver: 'host_device', 'node-name': 'x', filename: device, 'read-only': true});
      expect((await drift()).map(([aspect]) => aspect)).toEqual([
        expect.stringMatching(`^open device b .* ${device}$`),
      ]);
      await qmp('blockdev-del', {'node-name': 'x'});
      expect(await drift()).toEqual([]);
    } finally {
      spawnSync('losetup', ['--detach', device]);
    }
  });
});

test.skipIf(!hasQemu)(
  'a guest of a session is held against the modes of its files (needs qemu-system-x86_64)',
  async () => {
    await driver.define('guest');
    await driver.hypervisor.domainCreate('guest');
    expect(await drift()).toEqual([]);
    chmodSync(driver.root.join('guest.img'), 0o400);
    expect((await drift()).length).toBe(1);
  },
);
