import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {HostResource} from '../../src/model/host-resource.ts';
import {checkCgroup, withoutCgroup} from '../../src/security/cgroup/check-cgroup.ts';
import {definitionNodes, definitionRules} from '../../src/security/cgroup/definition-nodes.ts';
import {deviceRules, SHARED_NODES, wantedNodes} from '../../src/security/cgroup/device-list.ts';
import {decodeDeviceProgram, encodeDeviceProgram} from '../../src/security/cgroup/device-program.ts';
import {type DeviceRule, formatRule, parseRuleList, rulesBeyond} from '../../src/security/cgroup/device-rule.ts';
import {groupName, scopeName} from '../../src/security/cgroup/group-name.ts';
import {type CgroupFacts, planPlace} from '../../src/security/cgroup/plan-place.ts';
import {parseScope, scopeChange, scopePrefix} from '../../src/security/cgroup/scope-command.ts';

import {domainXml, readDomain} from '../model/read-domain.ts';

const NULL: DeviceRule = {type: 'c', major: 1, minor: 3, access: 'rw'};
const PTYS: DeviceRule = {type: 'c', major: 136, minor: '*', access: 'rw'};
const LOOP: DeviceRule = {type: 'b', major: 7, minor: 0, access: 'r'};
const UUID = '11111111-2222-3333-4444-555555555555';

const resource = (changes: Partial<HostResource>): HostResource => ({
  role: 'disk',
  path: '/dev/sda',
  type: 'block',
  access: 'write',
  shared: false,
  created: false,
  ...changes,
});

test('reads a list of the kernel, and what is none', () => {
  expect(parseRuleList('c 1:3 rw\nb 7:0 r\nc 136:* rw\n')).toEqual([NULL, LOOP, PTYS]);
  expect(parseRuleList('a *:* rwm\n')).toBe('all');
  expect(parseRuleList('')).toEqual([]);
  expect(parseRuleList('c 1:x rw\n')).toBeUndefined();
  expect([NULL, LOOP, PTYS].map(formatRule)).toEqual(['c 1:3 rw', 'b 7:0 r', 'c 136:* rw']);
});

test('says letter by letter what one list allows beyond another', () => {
  expect(rulesBeyond([{...LOOP, access: 'rw'}, NULL], [LOOP, NULL])).toEqual([{...LOOP, access: 'w'}]);
  expect(rulesBeyond([NULL], [NULL, PTYS])).toEqual([]);
});

test('a guest gets the shared nodes, ptys, its own devices and the nodes of what stands in sysfs', () => {
  const nodes = wantedNodes({
    resources: [
      resource({}),
      resource({path: '/dev/sr0', access: 'read'}),
      resource({path: '/dev/sdc', type: 'file'}),
      resource({path: '/images/a.img', type: 'file'}),
      resource({path: '/run/x.sock', type: 'socket'}),
      resource({path: '/srv', type: 'dir'}),
      resource({path: '/sys/bus/pci/devices/0000:01:00.0', type: 'sysfs'}),
    ],
    nodesOf: () => ['/dev/vfio/vfio', '/dev/vfio/7'],
    more: ['/dev/sev'],
  });
  expect(nodes.slice(SHARED_NODES.length)).toEqual([
    {path: '/dev/sda', access: 'rw'},
    {path: '/dev/sr0', access: 'r'},
    {path: '/dev/sdc', access: 'rw'},
    {path: '/dev/vfio/vfio', access: 'rw'},
    {path: '/dev/vfio/7', access: 'rw'},
    {path: '/dev/sev', access: 'rw'},
  ]);
  const numbers: Record<string, {type: 'b' | 'c'; major: number; minor: number}> = {
    '/dev/null': {type: 'c', major: 1, minor: 3},
    '/dev/sr0': {type: 'b', major: 11, minor: 0},
  };
  const rules = deviceRules(nodes, [], path => numbers[path]);
  expect(rules.map(rule => `${formatRule(rule)} ${rule.node}`)).toEqual([
    'c 136:* rw ptys',
    'c 1:3 rw /dev/null',
    'b 11:0 r /dev/sr0',
  ]);
});

const withDevices = (devices: string, type = 'qemu') => readDomain(domainXml({attributes: `type='${type}'`, devices}));

test('a definition needs nodes that it does not name', () => {
  expect(definitionNodes(withDevices(''))).toEqual([]);
  const nic = "<interface type='network'><source network='default'/></interface>";
  expect(definitionNodes(withDevices(nic, 'kvm'))).toEqual(['/dev/vhost-net']);
  expect(definitionNodes(withDevices("<graphics type='egl-headless'/>"))).toContain('/dev/dri/renderD128');
  const named = "<graphics type='egl-headless'><gl rendernode='/dev/dri/renderD129'/></graphics>";
  expect(definitionNodes(withDevices(named))).toEqual([]);
  expect(definitionRules(withDevices("<audio id='1' type='alsa'/>")).map(formatRule)).toEqual(['c 116:* rw']);
});

test('cgroup_device_acl stands for the shared nodes, and two uses of a device are one rule', () => {
  const nodes = wantedNodes({
    resources: [resource({access: 'read'}), resource({})],
    nodesOf: () => [],
    shared: ['/dev/null'],
  });
  expect(nodes.map(({path}) => path)).toEqual(['/dev/null', '/dev/sda', '/dev/sda']);
  const rules = deviceRules(nodes.slice(1), [], () => ({type: 'b', major: 8, minor: 0}));
  expect(rules.slice(1).map(formatRule)).toEqual(['b 8:0 rw']);
});

test.each([
  ['web', 'virtty/qemu/web', 'virtty-qemu-web.scope'],
  ['../../up', 'virtty/qemu/%2E.%2F..%2Fup', 'virtty-qemu-\\x252E.\\x252F..\\x252Fup.scope'],
  ['.hidden', 'virtty/qemu/%2Ehidden', 'virtty-qemu-\\x252Ehidden.scope'],
  ['a\nb', 'virtty/qemu/a%0Ab', 'virtty-qemu-a\\x250Ab.scope'],
  ['a-b@c', 'virtty/qemu/a-b@c', 'virtty-qemu-a\\x2db\\x40c.scope'],
])('the group of %j is one folder, its scope one unit', (name, group, scope) => {
  expect(groupName({name, uuid: UUID})).toBe(group);
  expect(scopeName({name, uuid: UUID})).toBe(scope);
});

test('an instance of its own has groups of its own, and a long name is a UUID in a unit', () => {
  expect(groupName({name: 'web', uuid: UUID, embedded: 'abc'})).toBe('virtty/embed/abc/web');
  expect(scopeName({name: 'web', uuid: UUID, embedded: 'abc'})).toBe('virtty-embed-abc-web.scope');
  expect(scopeName({name: 'x'.repeat(220), uuid: UUID})).toBe(`virtty-qemu-${UUID}.scope`);
  expect(() => groupName({name: 'x'.repeat(300), uuid: UUID})).toThrow('too long');
});

const rule: fc.Arbitrary<DeviceRule> = fc.record({
  type: fc.constantFrom('b' as const, 'c' as const),
  major: fc.integer({min: 0, max: 4095}),
  minor: fc.oneof(fc.constant('*' as const), fc.integer({min: 0, max: 1_048_575})),
  access: fc.constantFrom('r', 'w', 'rw', 'rwm', 'm'),
});

test('a program says what it allows, on machines of both byte orders', () => {
  fc.assert(
    fc.property(fc.array(rule, {maxLength: 20}), fc.boolean(), (rules, littleEndian) => {
      expect(decodeDeviceProgram(encodeDeviceProgram(rules, littleEndian), littleEndian)).toEqual(rules);
    }),
  );
});

test('a program that differs in one byte is not read as one of ours with the same rules', () => {
  const bytes = encodeDeviceProgram([NULL, PTYS], true);
  for (const at of bytes.keys()) {
    const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(decodeDeviceProgram(changed, true)).not.toEqual([NULL, PTYS]);
  }
  expect(decodeDeviceProgram(new Uint8Array(), true)).toBeUndefined();
});

const ROOT: CgroupFacts = {isRoot: true};
const devicesGroup = {path: '/sys/fs/cgroup/devices', isWritable: true};
const unifiedGroup = {path: '/sys/fs/cgroup', isWritable: true};

test.each<[string, CgroupFacts, unknown]>([
  ['version 1', {...ROOT, devicesGroup, unifiedGroup}, {kind: 'v1', path: '/sys/fs/cgroup/devices/virtty/qemu/web'}],
  ['systemd', {...ROOT, systemd: 'makes scopes', unifiedGroup}, {kind: 'scope', unit: 'virtty-qemu-web.scope'}],
  ['systemd that refuses', {...ROOT, systemd: {refuses: 'no'}, unifiedGroup}, {why: expect.stringContaining(': no')}],
  ['version 2 alone', {...ROOT, unifiedGroup}, {kind: 'bpf', path: '/sys/fs/cgroup/virtty/qemu/web'}],
  ['no perl', {...ROOT, unifiedGroup, whyNoPrograms: 'it has no perl'}, {why: expect.stringContaining('no perl')}],
  ['nothing', ROOT, {why: expect.stringContaining('no control groups'), hint: expect.stringContaining('/dev/cgroup')}],
  ['a user', {...ROOT, isRoot: false, devicesGroup}, {why: expect.stringContaining('only root')}],
  [
    'a container',
    {...ROOT, devicesGroup: {...devicesGroup, isWritable: false}},
    {why: "the control group '/sys/fs/cgroup/devices' cannot be written", hint: expect.any(String)},
  ],
])('where a guest goes: %s', (_, facts, expected) => {
  expect(planPlace({name: 'web', uuid: UUID}, facts)).toEqual(expected);
});

test('a scope is asked for by numbers, and read back', () => {
  expect(scopePrefix(['/usr/bin/systemd-run'], 'u.scope', [NULL, PTYS, LOOP])).toEqual([
    ...['/usr/bin/systemd-run', '--scope', '--quiet', '--collect'],
    ...['--description=QEMU guest of virtty', '--slice=machine.slice', '--unit=u.scope'],
    ...['-p', 'DevicePolicy=strict', '-p', 'DeviceAllow=/dev/char/1:3 rw', '-p', 'DeviceAllow=char-136 rw'],
    ...['-p', 'DeviceAllow=/dev/block/7:0 r', '--'],
  ]);
  expect(scopeChange('u.scope', [LOOP])).toEqual([
    ...['set-property', '--runtime', '--', 'u.scope', 'DeviceAllow=', 'DeviceAllow=/dev/block/7:0 r'],
  ]);
  const shown = 'ActiveState=active\nDevicePolicy=strict\nDeviceAllow=/dev/char/1:3 rw\nDeviceAllow=char-136 rw\n';
  expect(parseScope(shown)).toEqual([NULL, PTYS]);
  expect(parseScope('ActiveState=active\nDevicePolicy=auto\n')).toBe('all');
  expect(parseScope('ActiveState=inactive\nDevicePolicy=strict\n')).toBeUndefined();
});

const ASKED = {kind: 'v1', path: '/sys/fs/cgroup/devices/virtty/qemu/web', devices: [NULL, LOOP]} as const;
const verdicts = (seen: Parameters<typeof checkCgroup>[1]) =>
  checkCgroup(ASKED, seen).map(({aspect, observed, verdict}) => [aspect, observed, verdict]);

test('what is in the group and on the list as asked is fine', () => {
  expect(verdicts({place: ASKED.path, devices: [LOOP, NULL]})).toEqual([
    ['control group', '/virtty/qemu/web', 'ok'],
    ['device c 1:3', 'rw', 'ok'],
    ['device b 7:0', 'r', 'ok'],
  ]);
});

test('a rule that is missing or added, and a process that was moved, are drift', () => {
  expect(verdicts({place: ASKED.path, devices: [PTYS, {...LOOP, access: 'rw'}]}).slice(1)).toEqual([
    ['device c 1:3', 'rule missing', 'drift'],
    ['device b 7:0', 'rw', 'drift'],
    ['device c 136:*', 'rule added: rw', 'drift'],
  ]);
  expect(verdicts({place: '/sys/fs/cgroup/devices', devices: 'all'})).toEqual([
    ['control group', 'moved out of its cgroup: /sys/fs/cgroup/devices', 'drift'],
    ['device list', 'every device', 'drift'],
  ]);
  expect(verdicts({place: undefined, devices: undefined})[1]?.[2]).toBe('unknown');
});

test('no list is worth knowing of a guest of root, and in order in a session', () => {
  expect([withoutCgroup(true, 'all').verdict, withoutCgroup(false, undefined).verdict]).toEqual(['note', 'ok']);
  expect(withoutCgroup(true, [NULL])).toMatchObject({observed: 'what its group allows: c 1:3 rw', verdict: 'ok'});
});
