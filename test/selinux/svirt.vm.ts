import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {
  defineGuest,
  denials,
  diskXml,
  endGuests,
  IMAGES,
  inVm,
  labelOfFile,
  labelOfProcess,
  loadPolicy,
  makeImage,
  pidOf,
  tryOpen,
  tryVirtty,
  virtty,
  writeInVm,
} from './vm-host.ts';

/** sVirt by virtty itself, as the kernel shows it. */

const PLAIN = 'system_u:object_r:virt_image_t:s0';
const CONTENT = 'system_u:object_r:virt_content_t:s0';
const SHARED = 'system_u:object_r:svirt_image_t:s0';
const image = (name: string) => `${IMAGES}/${name}.img`;

beforeAll(async () => {
  await loadPolicy('debian');
  await writeInVm('/etc/virtty/qemu.conf', '');
});
beforeEach(async () => {
  for (const name of ['one', 'two', 'both']) await makeImage(`${name}.img`, PLAIN);
  await denials();
});
afterEach(() => endGuests('one', 'two'));

/** The categories of a label, `c34,c44`; empty without. */
const categoriesOf = (label: string) => label.split(':').slice(4).join(':');

async function start(...names: readonly string[]): Promise<void> {
  for (const name of names) await virtty('start', name);
}

describe('two guests at a time', () => {
  beforeEach(async () => {
    await defineGuest('one', {disks: [image('one')]});
    await defineGuest('two', {disks: [image('two')]});
    await start('one', 'two');
  });

  test('have a pair of categories each, which their processes and images carry and their XML shows', async () => {
    const pairs: string[] = [];
    for (const name of ['one', 'two']) {
      const label = await labelOfProcess(name);
      const pair = categoriesOf(label);
      expect(label).toBe(`system_u:system_r:svirt_t:s0:${pair}`);
      expect(pair).toMatch(/^c\d+,c\d+$/);
      const imageLabel = `system_u:object_r:svirt_image_t:s0:${pair}`;
      expect(await labelOfFile(image(name))).toBe(imageLabel);
      const xml = await virtty('dumpxml', name);
      expect(xml).toContain("<seclabel type='dynamic' model='selinux' relabel='yes'>");
      expect(xml).toContain(`<label>${label}</label>`);
      expect(xml).toContain(`<imagelabel>${imageLabel}</imagelabel>`);
      expect(await virtty('security', name)).toMatch(new RegExp(`label +${label} +${label} +ok`));
      pairs.push(pair);
    }
    expect(pairs[0]).not.toBe(pairs[1]);
  });

  test("are refused at each other's image, and may open their own", async () => {
    expect(await tryOpen('one', image('one'))).toBe('');
    expect(await tryOpen('one', image('two'))).toContain(`Could not open '${image('two')}': Permission denied`);
    expect(await tryOpen('two', image('one'))).toContain(`Could not open '${image('one')}': Permission denied`);
    const refused = (await denials()).filter(line => /name="(one|two)\.img"/.test(line));
    expect(
      refused.every(line => /svirt_t:s0:c\d+,c\d+ tcontext=\S+svirt_image_t:s0:c\d+,c\d+ tclass=file/.test(line)),
    ).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
  });

  test('give their labels back when they end, however they do', async () => {
    await virtty('destroy', 'one');
    await inVm(`kill -KILL ${await pidOf('two')}`);
    await tryVirtty('destroy', 'two'); // whoever owns the instance next clears up
    for (const name of ['one', 'two']) expect(await labelOfFile(image(name))).toBe(PLAIN);
  });
});

test('a guest that runs as root may write to nothing that the driver keeps for itself', async () => {
  await writeInVm('/etc/virtty/qemu.conf', 'user = "root"\ngroup = "root"\n');
  await defineGuest('one', {disks: [image('one')]});
  await start('one');
  expect(await tryOpen('one', image('one'), 'append')).toBe('');
  const found = await inVm('find /run/virtty/qemu /var/lib/virtty/qemu -type f -not -path "*/guest/*"');
  const files = found.split('\n');
  for (const name of ['status.json', 'take-back.json', 'grants.json'])
    expect(files.filter(file => file.endsWith(`/${name}`))).toHaveLength(1);
  for (const file of files) expect(await tryOpen('one', file, 'append'), file).toContain('Permission denied');
  const folder = await inVm('ls -d /run/virtty/qemu/*/guest');
  expect(categoriesOf(await labelOfFile(folder))).toBe(categoriesOf(await labelOfProcess('one')));
  await virtty('destroy', 'one');
  expect(await labelOfFile(image('one'))).toBe(PLAIN);
  await writeInVm('/etc/virtty/qemu.conf', '');
});

describe('a disk', () => {
  test('that is shared has no categories, and both guests open it', async () => {
    for (const name of ['one', 'two']) await defineGuest(name, {disks: [diskXml(image('both'), 0, '<shareable/>')]});
    await start('one', 'two');
    expect(await labelOfFile(image('both'))).toBe(SHARED);
    await virtty('destroy', 'one');
    expect(await labelOfFile(image('both'))).toBe(SHARED);
    await virtty('destroy', 'two');
    expect(await labelOfFile(image('both'))).toBe(PLAIN);
  });

  test('that is read is content', async () => {
    await defineGuest('one', {disks: [diskXml(image('both'), 0, '<readonly/>')]});
    await start('one');
    expect(await labelOfFile(image('both'))).toBe(CONTENT);
    await virtty('destroy', 'one');
    expect(await labelOfFile(image('both'))).toBe(PLAIN);
  });

  test('has the label that it names, or keeps its own where it says so', async () => {
    const own = 'system_u:object_r:svirt_image_t:s0:c1,c2';
    await makeImage('two.img', SHARED);
    const named = `<seclabel model='selinux' relabel='yes'><label>${SHARED}</label></seclabel>`;
    const kept = "<seclabel model='selinux' relabel='no'/>";
    await defineGuest('one', {disks: [diskXml(image('one'), 0, '', named), diskXml(image('two'), 1, '', kept)]});
    await start('one');
    expect(await labelOfFile(image('one'))).toBe(SHARED);
    expect(await labelOfFile(image('two'))).toBe(SHARED);
    await virtty('destroy', 'one');
    expect(await labelOfFile(image('one'))).toBe(PLAIN);
    expect(await labelOfFile(image('two'))).toBe(SHARED);
    await makeImage('two.img', own);
    expect((await tryVirtty('start', 'one')).output).toContain('Permission denied');
    expect(await labelOfFile(image('two'))).toBe(own);
  });
});

describe('a label of the domain', () => {
  const STATIC = 'system_u:system_r:svirt_t:s0:c392,c662';
  const seclabel = (type: string, relabel: string, inside: string) =>
    `<seclabel type='${type}' model='selinux' relabel='${relabel}'>${inside}</seclabel>`;

  test('that is static is taken as it is, and nothing is relabelled', async () => {
    const labels = seclabel('static', 'no', `<label>${STATIC}</label>`);
    await defineGuest('one', {disks: [image('one')], labels});
    const refused = await tryVirtty('start', 'one');
    expect(refused.output).toContain('Permission denied');
    expect(await labelOfFile(image('one'))).toBe(PLAIN);
    await inVm(`chcon system_u:object_r:svirt_image_t:s0:c392,c662 ${image('one')}`);
    await start('one');
    expect(await labelOfProcess('one')).toBe(STATIC);
    await virtty('destroy', 'one');
    expect(await labelOfFile(image('one'))).toBe('system_u:object_r:svirt_image_t:s0:c392,c662');
  });

  test('that is static relabels where it says so', async () => {
    const labels = seclabel('static', 'yes', `<label>${STATIC}</label>`);
    await defineGuest('one', {disks: [image('one')], labels});
    await start('one');
    expect(await labelOfProcess('one')).toBe(STATIC);
    expect(await labelOfFile(image('one'))).toBe('system_u:object_r:svirt_image_t:s0:c392,c662');
    await virtty('destroy', 'one');
    expect(await labelOfFile(image('one'))).toBe(PLAIN);
  });

  test('replaces the type where it is a base, which the policy gives images of its own', async () => {
    const base = 'system_u:system_r:svirt_prot_exec_t:s0';
    const labels = seclabel('dynamic', 'yes', `<baselabel>${base}</baselabel>`);
    await defineGuest('one', {labels});
    const {output} = await tryVirtty('start', 'one');
    expect(output).toMatch(/it ran as 'system_u:system_r:svirt_prot_exec_t:s0:c\d+,c\d+'/);
    expect((await denials()).join()).toContain(':svirt_prot_exec_t:');
  });

  test('that wants none is basic confinement', async () => {
    await defineGuest('one', {disks: [image('one')], labels: "<seclabel type='none' model='selinux'/>"});
    await start('one');
    expect(await labelOfProcess('one')).toBe('system_u:system_r:virtd_t:s0');
    expect(await labelOfFile(image('one'))).toBe(PLAIN);
  });
});

describe('qemu.conf', () => {
  afterEach(() => writeInVm('/etc/virtty/qemu.conf', ''));

  test('goes back to basic confinement with security_driver = "none"', async () => {
    await writeInVm('/etc/virtty/qemu.conf', 'security_driver = "none"');
    await defineGuest('one', {disks: [image('one')]});
    await start('one');
    expect(await labelOfProcess('one')).toBe('system_u:system_r:virtd_t:s0');
    expect(await virtty('dumpxml', 'one')).not.toContain("model='selinux'");
  });

  test('labels those that ask for it with security_default_confined = 0', async () => {
    await writeInVm('/etc/virtty/qemu.conf', 'security_default_confined = 0');
    await defineGuest('one', {disks: [image('one')]});
    await defineGuest('two', {disks: [image('two')], labels: "<seclabel type='dynamic' model='selinux'/>"});
    await start('one', 'two');
    expect(await labelOfProcess('one')).toBe('system_u:system_r:virtd_t:s0');
    expect(await labelOfProcess('two')).toContain(':svirt_t:');
  });
});

describe('what the policy does not let', () => {
  test('fails with the switch that helps, and leaves the image as it was', async () => {
    await defineGuest('one', {disks: [image('one')]});
    await inVm('setsebool virt_use_execmem=0');
    const {status, output} = await tryVirtty('start', 'one');
    await inVm('setsebool virt_use_execmem=1');
    expect(status).not.toBe(0);
    expect(output).toContain('setsebool -P virt_use_execmem on');
    expect(await labelOfFile(image('one'))).toBe(PLAIN);
  });

  test('is refused beforehand to an administrator, who is told how the daemon is started', async () => {
    await defineGuest('one', {disks: [image('one')]});
    await inVm('setsebool allow_execmem=1');
    const script = '/mnt/checkout/bin/virtty -c qemu:///system start one 2>&1; setsebool allow_execmem=0';
    expect(await inVm(script)).toContain('virtd_exec_t');
    expect(await labelOfFile(image('one'))).toBe(PLAIN);
  });
});

describe('capabilities', () => {
  test('name the model and what labels begin with', async () => {
    const xml = await virtty('capabilities');
    expect(xml).toMatch(/<secmodel>\s*<model>selinux<\/model>/);
    expect(xml).toContain("<baselabel type='kvm'>system_u:system_r:svirt_t:s0</baselabel>");
  });
});
