import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {
  defineGuest,
  endGuests,
  inVm,
  loadPolicy,
  pidOf,
  tryOpen,
  virtty,
  virttyWithoutSystemd,
  writeInVm,
} from './vm-host.ts';

/** Device lists by control groups of version 2, where systemd owns the tree and where it does not. */

const DISK = `<disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='/dev/loop6'/>
<target dev='vda' bus='virtio'/></disk>`;

beforeAll(async () => {
  await loadPolicy('free-virtd');
  await writeInVm('/etc/virtty/qemu.conf', 'security_driver = "none"');
  await inVm('modprobe loop; truncate -s 4M /root/loop.img; losetup /dev/loop6 /root/loop.img');
  await defineGuest('listed', {disks: [DISK]});
});
afterEach(() => endGuests('listed'));
afterAll(async () => {
  await inVm('losetup -d /dev/loop6');
  await loadPolicy('debian');
});

/** Which it is, the unit of systemd's or the folder, and that its emulator opens what is on the list and nothing else. */
async function expectList(): Promise<string> {
  const group = await inVm(`cut -d: -f3 /proc/${await pidOf('listed')}/cgroup`);
  expect(await inVm(`readlink /proc/${await pidOf('listed')}/fd/*`)).toContain('/dev/loop6');
  expect(await tryOpen('listed', '/dev/zero')).toBe('');
  expect(await tryOpen('listed', '/dev/vda')).toContain("Could not open '/dev/vda': Operation not permitted");
  expect(await virtty('security', 'listed')).toMatch(/device b 7:6 [^\n]*rw +rw +ok/);
  return group;
}

describe('the list of devices of a guest', () => {
  test("is a scope's where systemd runs, and goes with the guest", async () => {
    await virtty('start', 'listed');
    expect(await expectList()).toBe('/machine.slice/virtty-qemu-listed.scope');
    const scope = await inVm('systemctl show virtty-qemu-listed.scope -p DevicePolicy -p DeviceAllow');
    expect(scope).toContain('DevicePolicy=strict');
    expect(scope).toContain('DeviceAllow=/dev/block/7:6 rw');
    await virtty('destroy', 'listed');
    expect(await inVm('systemctl list-units --all --no-legend "virtty-*"')).toBe('');
  });

  test("is a program of the kernel's where systemd does not run, and goes with the guest", async () => {
    await virttyWithoutSystemd('start', 'listed');
    expect(await expectList()).toMatch(/\/virtty\/qemu\/listed$/);
    await virttyWithoutSystemd('destroy', 'listed');
    expect(await inVm('find /sys/fs/cgroup -path "*/virtty/qemu/*"')).toBe('');
  });
});
