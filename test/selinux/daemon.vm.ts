import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {
  defineGuest,
  endGuests,
  IMAGES,
  inVm,
  labelOfProcess,
  loadPolicy,
  makeImage,
  pidOf,
  virtty,
  writeInVm,
} from './vm-host.ts';

/** virtty as the virtualization daemon of a system whose kernel enforces, with no labels of its own: basic confinement. */

beforeAll(async () => {
  await loadPolicy('debian');
  await writeInVm('/etc/virtty/qemu.conf', 'security_driver = "none"');
  await makeImage('plain.img', 'system_u:object_r:virt_image_t:s0');
  await defineGuest('plain', {disks: [`${IMAGES}/plain.img`]});
});
afterEach(() => endGuests('plain'));

describe('virtty in virtd_t without a security driver', () => {
  test('keeps what is its own in the types of the policy', async () => {
    const folders = ['/etc', '/run', '/var/lib', '/var/log', '/var/cache'].map(folder => `${folder}/virtty/qemu`);
    const labels = (await inVm(`stat -c %C ${folders.join(' ')}`)).split('\n');
    expect(labels.map(label => label.split(':')[2])).toEqual([
      'virt_etc_rw_t',
      'virt_runtime_t',
      'virt_runtime_t',
      'svirt_runtime_t',
      'virt_cache_t',
    ]);
  });

  test('starts a guest in its own domain, and twice', async () => {
    for (const _ of ['first', 'second']) {
      await virtty('start', 'plain');
      expect(await labelOfProcess('plain')).toBe('system_u:system_r:virtd_t:s0');
      await virtty('destroy', 'plain');
      await expect(pidOf('plain')).rejects.toThrow('exit status 1');
    }
  });

  test('says that the policy lets it have no scope, and starts the guest all the same', async () => {
    const words = await virtty('start', 'plain');
    expect(words).toContain('started without a list of devices that it may open');
    expect(words).toContain("Access denied, by SELinux's policy for virtty's context");
    expect(await virtty('security', 'plain')).toMatch(/device list +none/);
  });
});
