import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {hostResources} from '../../src/model/host-resource.ts';
import {chooseLevel} from '../../src/security/selinux/category-pair.ts';
import {
  categoriesOf,
  formatContext,
  parseContext,
  parseRange,
  refusedLabel,
} from '../../src/security/selinux/context.ts';
import {imageLabelOf} from '../../src/security/selinux/plan-image-labels.ts';
import {labelWish, planLabels, withLiveLabels} from '../../src/security/selinux/plan-labels.ts';
import {type PolicyContexts, readPolicyContexts} from '../../src/security/selinux/policy-contexts.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const CONFINED = {defaultConfined: true, requireConfined: false};
const VIRTD = parseContext('system_u:system_r:virtd_t:s0-s0:c0.c1023') ?? expect.fail('no context');

function policyOf(domain: string): PolicyContexts {
  const read = readPolicyContexts({
    domain,
    image: 'system_u:object_r:svirt_image_t:s0\nsystem_u:object_r:virt_content_t:s0\n',
  });
  return typeof read === 'string' ? expect.fail(read) : read;
}

const POLICY = policyOf('system_u:system_r:svirt_t:s0\nsystem_u:system_r:svirt_tcg_t:s0\n');
const SOURCE = {policy: POLICY, own: VIRTD, isKvm: true, level: 's0:c34,c44'};

test('a context is read and printed again, and what could be anything else is refused with a reason', () => {
  for (const text of ['system_u:system_r:svirt_t:s0:c34,c44', 'u:r:t', 'u:r:virtd_t:s0-s0:c0.c1023']) {
    expect(formatContext(parseContext(text) ?? expect.fail(text))).toBe(text);
    expect(refusedLabel(text)).toBeUndefined();
  }
  for (const text of [
    '',
    'svirt_t',
    'a:b',
    'a:b:c:',
    'a:b:c\n',
    'a:b:$(id)',
    'a:b:c:s0;id',
    "a:b:c'",
    'a b:c:d',
    `a:b:${'c'.repeat(5000)}`,
  ]) {
    expect(parseContext(text)).toBeUndefined();
    expect(refusedLabel(text)).toContain('is no SELinux context');
  }
});

test('the categories of a range are those of its upper level; a range that was never restricted has all', () => {
  expect(parseRange('s0-s0:c0.c3,c7')).toEqual({sensitivity: 's0', categories: [0, 1, 2, 3, 7]});
  expect(parseRange('s2:c5')).toEqual({sensitivity: 's2', categories: [5]});
  expect(parseRange('s2-s3:c0.c1023')?.sensitivity).toBe('s2');
  expect(parseRange(undefined)?.categories).toHaveLength(1024);
  expect(parseRange('s0-s0')?.categories).toHaveLength(1024);
  for (const text of ['SystemLow', 's0:c3.c1', 's0:c1024', 's0:d1', 's0:']) expect(parseRange(text)).toBeUndefined();
  expect(categoriesOf(parseContext('a:b:c:s0-s0:c1,c2') ?? expect.fail())).toBe('c1,c2');
  expect(categoriesOf(parseContext('a:b:c:s0') ?? expect.fail())).toBeUndefined();
});

test('every pair is found before the driver gives up, and then it says how many there are', () => {
  const range = parseRange('s0:c0.c4') ?? expect.fail();
  const taken = new Set<string>();
  for (let guest = 0; guest < 10; guest++) {
    const level = chooseLevel(
      range,
      pair => taken.has(pair),
      () => 0,
    );
    expect(level).toMatch(/^s0:c\d,c\d$/);
    taken.add(level.slice(3));
  }
  expect(taken.size).toBe(10);
  expect(() =>
    chooseLevel(
      range,
      pair => taken.has(pair),
      () => 0,
    ),
  ).toThrow('all 10 pairs of them are in use');
  const one = parseRange('s0:c9') ?? expect.fail();
  expect(() =>
    chooseLevel(
      one,
      () => false,
      () => 0,
    ),
  ).toThrow('no pair of SELinux categories is free');
});

test('a policy with one line has one type for all, and one that names nothing is said so', () => {
  const debian = policyOf('# of guests\n\nsystem_u:system_r:svirt_t:s0\n');
  expect(debian.tcg).toEqual(debian.kvm);
  expect(readPolicyContexts({domain: undefined, image: undefined})).toContain('virtual_domain_context');
  expect(readPolicyContexts({domain: 'a:b:c:s0', image: 'nothing of the kind'})).toContain('virtual_image_context');
});

test('a guest gets the type of its kind with categories, its files those of the same guest', () => {
  expect(planLabels({is: 'dynamic'}, SOURCE)).toEqual({
    type: 'dynamic',
    label: 'system_u:system_r:svirt_t:s0:c34,c44',
    imageLabel: 'system_u:object_r:svirt_image_t:s0:c34,c44',
    sharedLabel: 'system_u:object_r:svirt_image_t:s0',
    contentLabel: 'system_u:object_r:virt_content_t:s0',
    relabel: true,
    isUsualType: true,
  });
  expect(planLabels({is: 'dynamic'}, {...SOURCE, isKvm: false}).label).toBe('system_u:system_r:svirt_tcg_t:s0:c34,c44');
  const based = labelWish([{type: 'dynamic', model: 'selinux', baselabel: 'x_u:x_r:svirt_custom_t:s0'}], CONFINED);
  expect(based.is === 'none' ? based : planLabels(based, SOURCE)).toMatchObject({
    label: 'system_u:system_r:svirt_custom_t:s0:c34,c44',
    baseLabel: 'x_u:x_r:svirt_custom_t:s0',
  });
});

test('a static label is taken as it is, and files are labelled only where that is said', () => {
  const label = 'system_u:system_r:svirt_custom_t:s0:c1,c2';
  const made = (relabel: boolean) => {
    const wish = labelWish([{type: 'static', model: 'selinux', relabel, label}], CONFINED);
    return wish.is === 'none' ? expect.fail('no label') : planLabels(wish, SOURCE);
  };
  expect(made(false)).toMatchObject({label, relabel: false});
  expect(made(true)).toMatchObject({label, relabel: true, imageLabel: 'system_u:object_r:svirt_image_t:s0:c1,c2'});
  const [disk] = hostResources(readDomain(domainXml({devices: "<disk><source file='/a'/><target dev='vda'/></disk>"})));
  expect(imageLabelOf(disk ?? expect.fail(), made(false))).toBeUndefined();
});

test('the configuration by which a server is reached keeps its label', () => {
  const devices = `<disk type='network'><source protocol='rbd' name='p/i'><config file='/etc/ceph/ceph.conf'/></source>
    <target dev='vda'/></disk>`;
  const [config] = hostResources(readDomain(domainXml({devices})));
  expect(config?.path).toBe('/etc/ceph/ceph.conf');
  expect(imageLabelOf(config ?? expect.fail(), planLabels({is: 'dynamic'}, SOURCE))).toBeUndefined();
});

test('what qemu.conf says of guests decides over those that say nothing, and over those that want no label', () => {
  const none = [{type: 'none', model: 'selinux'}] as const;
  expect(labelWish(undefined, CONFINED)).toEqual({is: 'dynamic'});
  expect(labelWish(undefined, {...CONFINED, defaultConfined: false})).toEqual({is: 'none'});
  expect(labelWish(none, CONFINED)).toEqual({is: 'none'});
  expect(labelWish([{type: 'none', model: 'dac'}], CONFINED)).toEqual({is: 'dynamic'});
  expect(() => labelWish(none, {defaultConfined: true, requireConfined: true})).toThrow(VirtError);
  expect(() => labelWish([{type: 'static', model: 'selinux', label: 'a:b:`id`'}], CONFINED)).toThrow(
    'the label "a:b:`id`" is no SELinux context',
  );
});

test('the live definition has the labels of this run, and those of other models as they were', () => {
  const labels = planLabels({is: 'dynamic'}, SOURCE);
  const live = {
    type: 'dynamic',
    model: 'selinux',
    relabel: true,
    label: 'system_u:system_r:svirt_t:s0:c34,c44',
    imagelabel: 'system_u:object_r:svirt_image_t:s0:c34,c44',
  };
  const dac = {type: 'none', model: 'dac'} as const;
  expect(withLiveLabels(undefined, labels)).toEqual([live]);
  expect(withLiveLabels([dac, {type: 'dynamic', model: 'selinux', relabel: true}], labels)).toEqual([dac, live]);
  expect(withLiveLabels([dac], undefined)).toEqual([dac]);
});

test('a label of a file that is no context refuses the domain, with the file', () => {
  const devices = `<disk><source file='/a'><seclabel model='selinux' relabel='yes'><label>x;reboot</label></seclabel></source><target dev='vda'/></disk>`;
  const [disk] = hostResources(readDomain(domainXml({devices})));
  expect(() => imageLabelOf(disk ?? expect.fail(), planLabels({is: 'dynamic'}, SOURCE))).toThrow(
    'cannot label \'/a\': "x;reboot" is no SELinux context',
  );
});
