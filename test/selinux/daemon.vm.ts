import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {denials, IMAGES, inVm, makeImage, tryVirtty, virtty, writeInVm} from './vm-host.ts';

/** virtty as the virtualization daemon of a system whose kernel enforces, with no labels of its own: basic confinement. */

const DOMAIN = `<domain type='qemu'>
  <name>plain</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='${IMAGES}/plain.img'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <serial type='pty'/>
  </devices>
</domain>`;

beforeAll(async () => {
  await inVm('setsebool virt_use_execmem=1');
  await writeInVm('/etc/virtty/qemu.conf', 'security_driver = "none"');
  await writeInVm('/etc/virtty/plain.xml', DOMAIN);
  await makeImage('plain.img', 'system_u:object_r:virt_image_t:s0');
  await virtty('define', '/etc/virtty/plain.xml');
});
beforeEach(async () => void (await denials()));
afterEach(async () => void (await tryVirtty('destroy', 'plain')));

describe('virtty in virtd_t without a security driver', () => {
  test('keeps what is its own in the types of the policy', async () => {
    const types = await inVm(
      'stat -c "%n %C" /etc/virtty/qemu /run/virtty/qemu /var/lib/virtty/qemu /var/log/virtty/qemu /var/cache/virtty/qemu | cut -d: -f1,3',
    );
    expect(types.split('\n').map(line => line.replace(' system_u', ''))).toEqual([
      '/etc/virtty/qemu:virt_etc_rw_t',
      '/run/virtty/qemu:svirt_runtime_t',
      '/var/lib/virtty/qemu:virt_var_lib_t',
      '/var/log/virtty/qemu:virt_cache_t',
      '/var/cache/virtty/qemu:virt_cache_t',
    ]);
  });

  test('starts a guest in its own domain, and twice', async () => {
    for (const _ of ['first', 'second']) {
      await virtty('start', 'plain');
      expect(await inVm('cat /proc/$(pgrep -f "name guest=plain" | tail -n 1)/attr/current | tr -d "\\0"')).toBe(
        'system_u:system_r:virtd_t:s0',
      );
      await virtty('destroy', 'plain');
      expect(await inVm('pgrep -f "name guest=plain" || echo gone')).toBe('gone');
    }
  });

  test('says how it confines it', async () => {
    await virtty('start', 'plain');
    expect(await virtty('security', 'plain')).toContain('plain');
  });
});
