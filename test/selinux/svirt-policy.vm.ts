import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {denials, IMAGES, inVm, loadPolicy, makeImage, QEMU, tryAsDaemon, tryInVm} from './vm-host.ts';

/** What Debian's policy does with a bare emulator, whoever starts it: the ground that virtty's labels stand on. */

const A = 'system_u:system_r:svirt_t:s0:c34,c44';
const B = 'system_u:system_r:svirt_t:s0:c77,c88';
const IMAGE_OF_A = 'system_u:object_r:svirt_image_t:s0:c34,c44';
const IMAGE_OF_B = 'system_u:object_r:svirt_image_t:s0:c77,c88';

/**
 * Starts an emulator with a label and a disk as the daemon does. Its monitor is its standard input, which says `quit` at
 * once; its words come through a pipe, since it may not write to what others have opened.
 */
function tryEmulator(label: string, image: string, options = '') {
  return tryAsDaemon(`echo quit | setpriv --selinux-label ${label} ${QEMU} -S -display none -nodefaults -machine pc \
    -accel tcg,tb-size=32 -m 32 -drive file=${image},format=raw,if=virtio${options} -monitor stdio 2>&1 | cat
    exit "\${PIPESTATUS[1]}"`);
}

beforeAll(async () => {
  await loadPolicy('debian');
  await makeImage('a.img', IMAGE_OF_A);
  await makeImage('b.img', IMAGE_OF_B);
  await makeImage('plain.img', 'system_u:object_r:virt_image_t:s0');
  await makeImage('content.img', 'system_u:object_r:virt_content_t:s0');
});
beforeEach(async () => void (await denials()));

describe('the kernel of the VM', () => {
  test('enforces a policy with types for guests and a pair of categories for each', async () => {
    expect(await inVm('getenforce')).toBe('Enforcing');
    expect(await inVm('cat /sys/fs/selinux/mls')).toBe('1');
    expect(await inVm('seinfo -t | tr -d " " | grep -xE "svirt_t|svirt_image_t|virt_content_t|virtd_t" | sort')).toBe(
      'svirt_image_t\nsvirt_t\nvirt_content_t\nvirtd_t',
    );
  });

  test('runs what systemd starts from a file of virtd_exec_t in virtd_t', async () => {
    expect((await tryAsDaemon('id -Z')).output.trim()).toBe('system_u:system_r:virtd_t:s0');
  });

  test('lets nobody but virtd_t start a process in svirt_t', async () => {
    const {status, output} = await tryInVm(`setpriv --selinux-label ${A} ${QEMU} -version`);
    expect(output).toContain('Permission denied');
    expect(status).not.toBe(0);
  });

  test('runs software emulation in svirt_t with the boolean virt_use_execmem only', async () => {
    await inVm('setsebool virt_use_execmem=0');
    const refused = await tryEmulator(A, `${IMAGES}/a.img`);
    await inVm('setsebool virt_use_execmem=1');
    expect(refused.output).toContain('Permission denied');
    expect(refused.status).not.toBe(0);
    expect((await tryEmulator(A, `${IMAGES}/a.img`)).status).toBe(0);
  });
});

describe('an emulator in svirt_t', () => {
  test('opens the image with its categories', async () => {
    const {status, output} = await tryEmulator(A, `${IMAGES}/a.img`);
    expect(status, output).toBe(0);
  });

  for (const {at, label, image} of [
    {at: 'at the image of another guest', label: A, image: 'b.img'},
    {at: 'the other way round, too', label: B, image: 'a.img'},
    {at: 'at an image that nobody has labelled for it', label: A, image: 'plain.img'},
  ])
    test(`is refused ${at}, which the kernel logs`, async () => {
      const {output} = await tryEmulator(label, `${IMAGES}/${image}`);
      expect(output).toContain(`Could not open '${IMAGES}/${image}': Permission denied`);
      expect((await denials()).filter(line => line.includes(image)).join()).toContain(label);
    });

  test('is refused to write to content, of which the policy wants no word in the log', async () => {
    const {output} = await tryEmulator(A, `${IMAGES}/content.img`);
    expect(output).toContain(`Could not open '${IMAGES}/content.img': Permission denied`);
  });

  test('reads content', async () => {
    const {status, output} = await tryEmulator(A, `${IMAGES}/content.img`, ',readonly=on');
    expect(status, output).toBe(0);
  });

  test('opens the image of another guest where the kernel only watches, which it logs', async () => {
    await inVm('setenforce 0');
    const {status, output} = await tryEmulator(A, `${IMAGES}/b.img`);
    await inVm('setenforce 1');
    expect(status, output).toBe(0);
    expect((await denials()).join()).toContain('permissive=1');
  });
});
