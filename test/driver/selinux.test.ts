import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {claimLevel, type LevelRequest} from '../../src/driver/selinux/claim-level.ts';
import {withLabels} from '../../src/driver/selinux/label-steps.ts';
import {labelWords} from '../../src/driver/selinux/label-words.ts';
import {labelsOfStart} from '../../src/driver/selinux/labels-of-start.ts';
import {liveLabels} from '../../src/driver/selinux/live-labels.ts';
import {type LabelContext, prepareLabels} from '../../src/driver/selinux/prepare-labels.ts';
import {hostTree} from '../../src/host/host-tree.ts';
import {readProcess} from '../../src/host/proc.ts';
import {type SelinuxKernel, selinuxKernel} from '../../src/host/selinux-kernel.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {parseRange} from '../../src/security/selinux/context.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

let root: TempRoot;
beforeEach(async () => {
  root = await makeTempRoot();
});
afterEach(() => root.remove());

/** A host whose kernel has a policy, as files; `extra` are more of them. */
function selinuxHost(extra: Readonly<Record<string, string>> = {}): string {
  const folder = join(root.path, 'host');
  const files = {
    '/sys/fs/selinux/policyvers': '33',
    '/sys/fs/selinux/enforce': '1',
    '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=default\n',
    '/etc/selinux/default/contexts/virtual_domain_context': 'system_u:system_r:svirt_t:s0\n',
    '/etc/selinux/default/contexts/virtual_image_context':
      'system_u:object_r:svirt_image_t:s0\nsystem_u:object_r:virt_content_t:s0\n',
    '/proc/self/attr/current': 'system_u:system_r:virtd_t:s0-s0:c0.c1023\0',
    ...extra,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), {recursive: true});
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A kernel that knows and allows everything but what is said. */
function kernel(answers: Partial<SelinuxKernel> = {}): SelinuxKernel {
  return {
    knows: () => true,
    allows: ({permission}) => permission !== 'nnp_transition',
    becomes: source => source,
    hasCapability: () => true,
    ...answers,
  };
}

function context(host: string, more: Partial<LabelContext> = {}): LabelContext {
  const run = join(root.path, 'run');
  return {
    uid: 0,
    paths: {definitions: root.path, run, lib: root.path, cache: root.path, log: root.path},
    settings: {},
    now: () => Date.now(),
    emulator: '/bin/sh',
    purpose: 'start',
    tree: hostTree(host),
    kernel: kernel(),
    reservations: join(root.path, 'categories'),
    ...more,
  };
}

const DOMAIN = readDomain(domainXml({devices: "<disk><source file='/a'/><target dev='vda'/></disk>"}));

function reserved(): readonly string[] {
  return existsSync(join(root.path, 'categories')) ? readdirSync(join(root.path, 'categories')) : [];
}

test('root’s guest gets a label with categories of its own, which are reserved until it has ended', async () => {
  const {def, labels, takeBacks, allowsNoNewPrivs, release} = await prepareLabels(DOMAIN, context(selinuxHost()));
  const [pair = ''] = reserved();
  expect(labels?.label).toBe(`system_u:system_r:svirt_t:s0:${pair}`);
  expect(takeBacks).toEqual([{what: 'file', path: join(root.path, 'categories', pair)}]);
  expect(allowsNoNewPrivs).toBe(false);
  expect(def.seclabels?.[0]).toMatchObject({type: 'dynamic', model: 'selinux', relabel: true, label: labels?.label});
  await release();
  expect(reserved()).toEqual([]);
});

test('an administrator, who may start no guest, is told the labels that the daemon would give', async () => {
  const host = selinuxHost({'/proc/self/attr/current': 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023'});
  const answers = kernel({
    allows: ({source, permission}) => permission !== 'transition' || source.includes(':virtd_t:'),
  });
  const {labels, refused} = await labelsOfStart(DOMAIN, context(host, {kernel: answers}));
  expect(labels?.label).toMatch(/^system_u:system_r:svirt_t:s0:c\d+,c\d+$/);
  expect(refused?.message).toContain("does not let 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023' start");
  expect(reserved()).toEqual([]);
});

test('a plan that is only looked at reserves nothing', async () => {
  const {labels} = await prepareLabels(DOMAIN, context(selinuxHost(), {purpose: 'look'}));
  expect(labels?.label).toMatch(/:s0:c\d+,c\d+$/);
  expect(reserved()).toEqual([]);
});

test('a pair of a process that runs, or of a start that is under way, is not given again; one left of a crash is', async () => {
  const host = selinuxHost({
    '/proc/2/cmdline': '',
    '/proc/2/attr/current': 'system_u:system_r:kernel_t:s0:c1,c3\0',
    '/proc/71/attr/current': 'system_u:system_r:svirt_t:s0:c0,c1\0',
    '/proc/72/attr/current': 'system_u:system_r:container_t:s0:c0,c2\n',
  });
  const folder = join(root.path, 'categories');
  const self = readProcess(process.pid) ?? expect.fail('no /proc');
  const holder = {pid: self.pid, startTicks: self.startTicks};
  mkdirSync(folder);
  writeFileSync(join(folder, 'c0,c1'), JSON.stringify({uuid: 'of a guest that runs', pid: 1, startTicks: 1}));
  writeFileSync(join(folder, 'c1,c2'), JSON.stringify({uuid: 'starting', ...holder}));
  writeFileSync(join(folder, 'c1,c3'), JSON.stringify({uuid: 'of a crash', pid: self.pid, startTicks: 1}));
  const request: LevelRequest = {
    range: parseRange('s0:c0.c3') ?? expect.fail(),
    folder,
    uuid: 'u',
    holder,
    tree: hostTree(host),
    random: below => below - 1,
    nowMs: Date.now(),
  };
  const given = new Set<string>();
  for (let guest = 0; guest < 3; guest++) given.add((await claimLevel(request)).level);
  expect([...given].sort()).toEqual(['s0:c0,c3', 's0:c1,c3', 's0:c2,c3']);
  await expect(claimLevel(request)).rejects.toThrow('no pair of SELinux categories is free');
  expect(reserved()).toEqual(['c0,c1', 'c0,c3', 'c1,c2', 'c1,c3', 'c2,c3']);
});

test('many starts at once get a pair each', async () => {
  const self = readProcess(process.pid) ?? expect.fail('no /proc');
  const request: LevelRequest = {
    range: parseRange('s0:c0.c9') ?? expect.fail(),
    folder: join(root.path, 'categories'),
    uuid: 'u',
    holder: self,
    tree: hostTree(selinuxHost()),
    random: () => 0,
    nowMs: Date.now(),
  };
  const claimed = await Promise.all(Array.from({length: 45}, () => claimLevel(request)));
  expect(new Set(claimed.map(({level}) => level)).size).toBe(45);
});

test('what the policy refuses is refused before anything is done, with what would help', async () => {
  const refuse = (which: string) => kernel({allows: ({permission}) => permission !== which});
  const off = selinuxHost({'/sys/fs/selinux/booleans/virt_use_execmem': '0 0'});
  const start = (answers: SelinuxKernel, host = off) => prepareLabels(DOMAIN, context(host, {kernel: answers}));
  await expect(start(refuse('transition'))).rejects.toThrow(
    /does not let 'system_u:system_r:virtd_t:s0-s0:c0.c1023' start such a process/,
  );
  await expect(start(refuse('execmem'))).rejects.toMatchObject({hint: 'setsebool -P virt_use_execmem on'});
  // Few daemons may ask: the switch speaks for the type of the policy, and for no other.
  const silent = kernel({allows: () => undefined});
  await expect(start(silent)).rejects.toMatchObject({hint: 'setsebool -P virt_use_execmem on'});
  const other = {type: 'dynamic', model: 'selinux', relabel: true, baselabel: 'system_u:system_r:svirt_prot_exec_t:s0'};
  const based = {...DOMAIN, seclabels: [other]} as typeof DOMAIN;
  const {labels, release} = await prepareLabels(based, context(off, {kernel: silent}));
  expect(labels?.label).toContain(':svirt_prot_exec_t:s0:c');
  await release();
  await expect(start(kernel({knows: () => false}))).rejects.toThrow('has no such context');
  expect(reserved()).toEqual([]);
  const watching = selinuxHost({'/sys/fs/selinux/enforce': '0'});
  expect((await start(refuse('transition'), watching)).labels).toBeDefined();
});

test('security_driver decides whether guests get labels; a label that would be left out refuses the start', async () => {
  const host = selinuxHost();
  const basic = await prepareLabels(DOMAIN, context(host, {settings: {securityDrivers: ['none']}}));
  expect(basic.labels).toBeUndefined();
  expect(basic.def.seclabels).toBeUndefined();
  const label = {type: 'dynamic', model: 'selinux', relabel: true} as const;
  const labelled = {...DOMAIN, seclabels: [label]};
  await expect(prepareLabels(labelled, context(host, {settings: {securityDrivers: ['none']}}))).rejects.toThrow(
    "it has a label of the model 'selinux', and security_driver of qemu.conf is 'none'",
  );
  await expect(prepareLabels(labelled, context(join(root.path, 'nothing')))).rejects.toThrow('SELinux is not in force');
  await expect(prepareLabels({...DOMAIN, seclabels: [{...label, model: 'apparmor'}]}, context(host))).rejects.toThrow(
    "labels of the model 'apparmor'",
  );
  const required = {settings: {requireConfined: true}};
  await expect(
    prepareLabels({...DOMAIN, seclabels: [{type: 'none', model: 'selinux'}]}, context(host, required)),
  ).rejects.toThrow('guests without a label are not allowed');
});

test('a session gives labels where the policy lets its user, and goes without them elsewhere', async () => {
  const host = selinuxHost();
  const session = (answers: SelinuxKernel) => prepareLabels(DOMAIN, context(host, {uid: 1000, kernel: answers}));
  expect((await session(kernel())).labels).toBeDefined();
  expect((await session(kernel({allows: () => false}))).labels).toBeUndefined();
  expect((await session(kernel({allows: () => undefined}))).labels).toBeUndefined();
});

test('without a label no_new_privs is kept only where the policy leaves the emulator in its context', async () => {
  const settings = {securityDrivers: ['none']};
  const nothing = await prepareLabels(DOMAIN, context(join(root.path, 'nothing'), {settings}));
  expect(nothing.allowsNoNewPrivs).toBe(true);
  // The emulator's file has no label on a host without SELinux: nobody knows what it becomes.
  const unknown = await prepareLabels(DOMAIN, context(selinuxHost(), {settings}));
  expect(unknown.allowsNoNewPrivs).toBe(false);
});

test('a label without a model is one of none where guests get no labels, so that the live XML can be read again', async () => {
  const nameless = {...DOMAIN, seclabels: [{type: 'dynamic', relabel: true}] as const};
  const {def} = await prepareLabels(nameless, context(join(root.path, 'nothing')));
  expect(def.seclabels).toEqual([{type: 'none', model: 'none'}]);
});

test('a guest that runs has its labels for the files that it gets later, too', async () => {
  const host = selinuxHost();
  const {def, labels} = await prepareLabels(DOMAIN, context(host));
  const {def: live} = parseDomain(formatDomain(def, {id: 1}), {
    newUuid: () => DOMAIN.uuid,
    newMac: () => '52:54:00:00:00:00',
    live: true,
  });
  expect(liveLabels(live ?? expect.fail('the live XML is not read'), hostTree(host))).toEqual(labels);
  expect(liveLabels(DOMAIN, hostTree(host))).toBeUndefined();
  expect(liveLabels(def, hostTree(join(root.path, 'nothing')))).toBeUndefined();
});

test('an instance says which labels its guests get, and why not', () => {
  const words = (host: string, drivers?: readonly string[], model?: string) =>
    labelWords({uid: 0, settings: drivers ? {securityDrivers: drivers} : {}}, model, hostTree(host), kernel());
  const where = "policy 'default', enforcing, virtty runs as system_u:system_r:virtd_t:s0-s0:c0.c1023";
  expect(words(selinuxHost())).toBe(`selinux: guests run as svirt_t with categories of their own; ${where}`);
  expect(words(selinuxHost(), ['none'])).toBe(
    `none: security_driver of qemu.conf is 'none'; basic confinement by the ${where}`,
  );
  const nothing = join(root.path, 'nothing');
  expect(words(nothing)).toBe('none: no security module is in force on this host');
  expect(words(nothing, undefined, 'apparmor')).toContain('apparmor is in force');
});

test('what a start makes for the guest is labelled right after it is made', async () => {
  const {labels} = await prepareLabels(DOMAIN, context(selinuxHost()));
  const made = withLabels(labels, [
    {do: 'make-dir', path: '/d', owner: undefined},
    {do: 'rotate-log', path: '/l', previous: '/l.0'},
    {do: 'create-log', path: '/l', owner: undefined},
  ]);
  expect(made.map(step => step.do)).toEqual(['make-dir', 'set-label', 'rotate-log', 'create-log', 'set-label']);
  expect(made[1]).toMatchObject({path: '/d', label: labels?.imageLabel});
  expect(withLabels(undefined, made.slice(0, 1))).toHaveLength(1);
});

test('a tree without selinuxfs answers nothing, and a file of it is asked by one write', () => {
  const folder = selinuxHost({
    '/sys/fs/selinux/class/process/index': '2',
    '/sys/fs/selinux/class/process/perms/transition': '2',
    '/sys/fs/selinux/access': '',
    '/sys/fs/selinux/policy_capabilities/nnp_nosuid_transition': '1\n',
  });
  const asked = selinuxKernel(folder);
  asked.allows({source: 'a:b:c', target: 'd:e:f', class: 'process', permission: 'transition'});
  expect(readFileSync(join(folder, '/sys/fs/selinux/access'), 'utf8')).toBe('a:b:c d:e:f 2');
  expect(asked.hasCapability('nnp_nosuid_transition')).toBe(true);
  expect(asked.hasCapability('other')).toBeUndefined();
  expect(asked.knows('a:b:c')).toBeUndefined();
});
