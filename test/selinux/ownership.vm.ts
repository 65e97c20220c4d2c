import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
  defineGuest,
  endGuests,
  IMAGES,
  inVm,
  labelOfProcess,
  loadPolicy,
  makeImage,
  pidOf,
  tryOpen,
  tryVirtty,
  virtty,
  writeInVm,
} from './vm-host.ts';

/** Guests of another user than root's: what the daemon in virtd_t may give them, and takes back. */

const IMAGE = `${IMAGES}/owned.img`;

beforeAll(async () => {
  await loadPolicy('debian');
  await writeInVm('/etc/virtty/qemu.conf', 'user = "libvirt-qemu"\ngroup = "libvirt-qemu"');
  await defineGuest('owned', {disks: [IMAGE]});
});
beforeEach(async () => {
  await makeImage('owned.img', 'system_u:object_r:virt_image_t:s0');
  await inVm(`chmod 600 ${IMAGE}`);
});
afterEach(() => endGuests('owned'));
afterAll(() => writeInVm('/etc/virtty/qemu.conf', ''));

const ownerOf = (path: string) => inVm(`stat -c '%U:%G %a' ${path}`);

describe('a guest of the user libvirt-qemu', () => {
  test('runs as that user without a capability, and has its image while it runs', async () => {
    await virtty('start', 'owned');
    const status = await inVm(`grep -E '^(Uid|Gid|Cap...):' /proc/${await pidOf('owned')}/status`);
    expect(status).toMatch(/^Uid:\t64055\t64055\t64055\t64055$/m);
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb']) expect(status).toContain(`Cap${set}:\t0000000000000000`);
    expect(await ownerOf(IMAGE)).toBe('libvirt-qemu:libvirt-qemu 600');
    expect(await labelOfProcess('owned')).toContain(':svirt_t:s0:');
    expect(await tryOpen('owned', '/var/lib/virtty/qemu/grants.json')).toContain('Permission denied');
    expect(await virtty('security', 'owned')).toMatch(/user +libvirt-qemu \(64055\) +libvirt-qemu \(64055\) +ok/);
    await virtty('destroy', 'owned');
    expect(await ownerOf(IMAGE)).toBe('root:root 600');
  });

  test('gives its image back also when its process is killed', async () => {
    await virtty('start', 'owned');
    await inVm(`kill -KILL ${await pidOf('owned')}`);
    await tryVirtty('destroy', 'owned'); // whoever owns the instance next clears up
    expect(await ownerOf(IMAGE)).toBe('root:root 600');
  });
});
