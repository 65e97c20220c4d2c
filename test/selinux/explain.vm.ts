import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
  defineGuest,
  diskXml,
  IMAGES,
  inVm,
  labelOfFile,
  loadPolicy,
  makeImage,
  tryVirtty,
  virtty,
  writeInVm,
} from './vm-host.ts';

/** What SELinux refuses a guest is explained to the element that it refuses at, and the command that is advised helps. */

const NO_RELABEL = "<seclabel model='selinux' relabel='no'/>";
const image = `${IMAGES}/explained.img`;

beforeAll(async () => {
  await loadPolicy('free-virtd');
  await writeInVm('/etc/virtty/qemu.conf', 'security_driver = "selinux"\nuser = "root"\ngroup = "root"\n');
});
beforeEach(async () => {
  await makeImage('explained.img', 'unconfined_u:object_r:user_home_t:s0');
});
afterEach(async () => {
  for (const name of ['explained', 'labelled']) await tryVirtty('destroy', name);
});

describe('virtty explain where SELinux is in force', () => {
  test('names an image whose label keeps the guest out, and a label with which it starts', async () => {
    await defineGuest('explained', {disks: [diskXml(image, 0, '', NO_RELABEL)]});
    expect((await tryVirtty('start', 'explained')).output).toContain('Permission denied');
    const {status, output} = await tryVirtty('explain', 'explained');
    expect(status, output).toBe(1);
    expect(output).toContain(`${image}: SELinux refuses`);
    expect(output).toContain(":object_r:user_home_t:s0'");
    const command = /chcon \S*svirt_image_t:s0 \S+/.exec(output)?.[0] ?? expect.fail(output);
    await inVm(command);
    expect((await tryVirtty('explain', 'explained')).status).toBe(0);
    await virtty('start', 'explained');
    expect(await labelOfFile(image)).toContain('svirt_image_t');
  });

  test('judges an image by the label that a start gives it', async () => {
    await defineGuest('labelled', {disks: [image]});
    const {status, output} = await tryVirtty('explain', 'labelled');
    expect(status, output).toBe(0);
    await virtty('start', 'labelled');
  });
});
