import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {explainLabels, type LabelExplanation} from '../../src/driver/selinux/explain-labels.ts';
import {hostTree} from '../../src/host/host-tree.ts';
import {parseMounts} from '../../src/host/mounts.ts';
import type {AccessQuestion, SelinuxKernel} from '../../src/host/selinux-kernel.ts';
import type {AccessFinding, AccessNeed, AccessStep} from '../../src/model/access-report.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

let root: TempRoot;
beforeEach(async () => {
  root = await makeTempRoot();
});
afterEach(() => root.remove());

const GUEST = 'system_u:system_r:svirt_t:s0:c34,c44';
const IMAGE = 'system_u:object_r:svirt_image_t:s0:c34,c44';
const SHARED = 'system_u:object_r:svirt_image_t:s0';
const CONTENT = 'system_u:object_r:virt_content_t:s0';
const OTHERS = 'system_u:object_r:svirt_image_t:s0:c77,c88';
const HOME = 'unconfined_u:object_r:user_home_t:s0';
const ADMIN_HOME = 'system_u:object_r:admin_home_t:s0';
const NFS = 'system_u:object_r:nfs_t:s0';

const LABELS = {
  type: 'dynamic',
  label: GUEST,
  imageLabel: IMAGE,
  sharedLabel: SHARED,
  contentLabel: CONTENT,
  relabel: true,
  isUsualType: true,
} as const;

/** A policy in small: what guests may do, by type; images are the guest's own, or nobody's. */
const POLICY: Readonly<Record<string, readonly string[]>> = {
  'root_t dir': ['search'],
  'svirt_image_t file': ['open', 'read', 'write'],
  'svirt_image_t dir': ['search'],
  'virt_content_t file': ['open', 'read'],
  'virt_content_t dir': ['search'],
};

function allows({target, class: name, permission}: AccessQuestion): boolean {
  const [, , type, , categories] = target.split(':');
  const isOthers = categories !== undefined && categories !== 'c34,c44';
  return !isOthers && (POLICY[`${type} ${name}`] ?? []).includes(permission);
}

function host(extra: Readonly<Record<string, string>> = {}): string {
  const folder = join(root.path, 'host');
  const files = {
    '/sys/fs/selinux/policyvers': '33',
    '/sys/fs/selinux/enforce': '1',
    '/sys/fs/selinux/booleans/virt_use_nfs': '0 0',
    '/etc/selinux/config': 'SELINUXTYPE=default\n',
    '/etc/selinux/default/contexts/virtual_domain_context': 'system_u:system_r:svirt_t:s0\n',
    '/etc/selinux/default/contexts/virtual_image_context': `${SHARED}\n${CONTENT}\n`,
    '/proc/self/attr/current': 'system_u:system_r:virtd_t:s0-s0:c0.c1023\0',
    ...extra,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), {recursive: true});
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const MOUNTS = parseMounts(
  '1 0 8:1 / / rw - ext4 /dev/sda1 rw,seclabel\n2 1 0:9 / /nfs rw - nfs4 server:/x rw,vers=4\n3 1 8:3 / /stick rw - vfat /dev/sdb1 rw',
);

const step = (path: string, kind: AccessStep['kind'], ...needs: readonly AccessNeed[]): AccessStep => ({
  path,
  needs,
  verdict: 'allowed',
  ...(kind ? {kind} : {}),
});

function disk(path: string, access: 'read' | 'write' = 'write'): AccessFinding {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const steps = [step('/', 'directory', 'search'), step(folder, 'directory', 'search'), step(path, 'file', access)];
  return {role: 'disk', device: 'vda', path, access, verdict: 'ok', steps, remedies: []};
}

const KERNEL: SelinuxKernel = {knows: () => true, allows, becomes: () => undefined, hasCapability: () => true};

function explain(
  finding: AccessFinding,
  labels: Readonly<Record<string, string>>,
  {
    extra = {},
    kernel = {},
    ...more
  }: Partial<LabelExplanation> & {
    readonly extra?: Readonly<Record<string, string>>;
    readonly kernel?: Partial<SelinuxKernel>;
  } = {},
) {
  const all = new Map(Object.entries({'/': 'system_u:object_r:root_t:s0', ...labels}));
  const {findings, notes} = explainLabels(
    {findings: [finding], process: GUEST, emulator: undefined, labels: LABELS, isRunning: true, given: [], ...more},
    {tree: hostTree(host(extra)), kernel: {...KERNEL, ...kernel}, mounts: MOUNTS, labelsOf: () => all},
  );
  return {...(findings[0] ?? expect.fail()), notes};
}

test('a file whose label the guest may not open is named with what it lacks, and another label', () => {
  const {verdict, why, remedies} = explain(disk('/vm/a.img'), {'/vm': SHARED, '/vm/a.img': HOME});
  expect([verdict, why]).toEqual([
    'refused',
    `/vm/a.img: SELinux refuses '${GUEST}' open, read, write (file) at the label '${HOME}'`,
  ]);
  expect(remedies).toMatchObject([
    {command: `chcon ${IMAGE} /vm/a.img`, target: '/vm/a.img', undo: {command: `chcon ${HOME} /vm/a.img`}},
  ]);
});

test('one that starts gets categories that nobody knows yet: a label without any is advised', () => {
  const {remedies} = explain(disk('/vm/a.img'), {'/vm': SHARED, '/vm/a.img': HOME}, {isRunning: false});
  expect(remedies[0]?.command).toBe(`chcon ${SHARED} /vm/a.img`);
});

test('a directory is named before the file, with a label that lasts', () => {
  const {why, remedies} = explain(disk('/root+/a.img'), {'/root+': ADMIN_HOME, '/root+/a.img': IMAGE});
  expect(why).toContain(`/root+: SELinux refuses '${GUEST}' search (dir)`);
  expect(remedies.map(({command}) => command)).toEqual([`chcon ${IMAGE} /root+`]);
  const basic = explain(disk('/root+/a.img'), {'/root+': ADMIN_HOME, '/root+/a.img': SHARED}, {labels: undefined});
  expect(basic.remedies.map(({command}) => command)).toEqual([
    `chcon ${SHARED} /root+`,
    "semanage fcontext -a -t svirt_image_t '/root\\+' && restorecon /root+",
  ]);
});

test('the categories of another guest are told as that', () => {
  const {why} = explain(disk('/vm/b.img'), {'/vm': SHARED, '/vm/b.img': OTHERS});
  expect(why).toContain(`at the label '${OTHERS}', which has the categories of another guest`);
});

test('a file is judged by the label that a start gives it, where its file system keeps labels', () => {
  const given = (path: string) => [
    {path, what: 'disk', kind: 'file' as const, access: 'write' as const, shared: false, restore: true, label: IMAGE},
  ];
  const labels = {'/vm': SHARED, '/vm/a.img': HOME, '/nfs': SHARED, '/nfs/a.img': NFS};
  expect(explain(disk('/vm/a.img'), labels, {given: given('/vm/a.img')}).verdict).toBe('ok');
  const {verdict, remedies} = explain(disk('/nfs/a.img'), labels, {given: given('/nfs/a.img')});
  expect(verdict).toBe('refused');
  expect(remedies).toMatchObject([
    {
      command: 'setsebool -P virt_use_nfs on',
      argv: ['setsebool', '-P', 'virt_use_nfs', 'on'],
      undo: {command: 'setsebool -P virt_use_nfs off'},
    },
    {command: `umount /nfs && mount -o context='"${SHARED}"' server:/x /nfs`},
  ]);
  expect(remedies[1]?.argv).toBeUndefined();
});

test('a switch that is on is not advised, nor one that there is not', () => {
  const labels = {'/nfs': SHARED, '/nfs/a.img': NFS, '/stick': SHARED, '/stick/a.img': NFS};
  const on = explain(disk('/nfs/a.img'), labels, {extra: {'/sys/fs/selinux/booleans/virt_use_nfs': '1 1'}});
  expect(on.remedies.map(({command}) => command.split(' ')[0])).toEqual(['umount']);
  const stick = explain(disk('/stick/a.img'), labels);
  expect(stick.remedies.map(({command}) => command)).toEqual([
    `umount /stick && mount -o context='"${SHARED}"' /dev/sdb1 /stick`,
  ]);
});

test('where the kernel only watches, or does not say, that is a note', () => {
  const labels = {'/vm': SHARED, '/vm/a.img': HOME};
  const permissive = explain(disk('/vm/a.img'), labels, {extra: {'/sys/fs/selinux/enforce': '0'}});
  expect([permissive.verdict, permissive.notes.join()]).toEqual(['ok', expect.stringContaining('only logs')]);
  const silent = explain(disk('/vm/a.img'), labels, {kernel: {allows: () => undefined}});
  expect([silent.verdict, silent.notes.join()]).toEqual(['ok', expect.stringContaining('does not let virtty ask')]);
});

test('a guest without labels of its own runs as the policy has it for its emulator', () => {
  const finding = disk('/vm/a.img');
  const asked: AccessQuestion[] = [];
  const kernel = {
    becomes: (source: string, target: string) => (target === 'qemu' ? source.replace('virtd_t', 'qemu_t') : undefined),
    allows: (question: AccessQuestion) => asked.push(question) > 0,
  };
  explain(
    finding,
    {'/vm': SHARED, '/vm/a.img': SHARED, '/bin/qemu': 'qemu'},
    {
      process: undefined,
      labels: undefined,
      emulator: '/bin/qemu',
      kernel,
    },
  );
  expect(asked[0]?.source).toBe('system_u:system_r:qemu_t:s0-s0:c0.c1023');
});

test('what modes refuse stays as it is', () => {
  const refused = {...disk('/vm/a.img'), verdict: 'refused', why: 'by its mode'} as const;
  expect(explain(refused, {'/vm/a.img': HOME}).why).toBe('by its mode');
});
