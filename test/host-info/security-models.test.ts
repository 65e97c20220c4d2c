import {expect, test} from 'vitest';
import {hasIommu, readSuspend} from '../../src/driver/host-info/power.ts';
import {readSecurityModels} from '../../src/driver/host-info/security-models.ts';
import {fakeTree} from './fake-tree.ts';

const ROOT = {uid: 64055, gid: 108, isPrivileged: true};
const USER = {uid: 1000, gid: 1000, isPrivileged: false};
const DAC = {
  model: 'dac',
  labels: [
    {type: 'kvm', label: '+64055:+108'},
    {type: 'qemu', label: '+64055:+108'},
  ],
};
const CONTEXTS = '/etc/selinux/mls/contexts/virtual_domain_context';

test('a host without a security module has none, and owners of files for root', () => {
  expect(readSecurityModels(fakeTree({}), ROOT)).toEqual([{model: 'none', labels: []}, DAC]);
  expect(readSecurityModels(fakeTree({}), USER)).toEqual([{model: 'none', labels: []}]);
});

test('SELinux begins with the labels of the policy, the second for software emulation', () => {
  const tree = {
    '/sys/fs/selinux/policyvers': '33',
    '/etc/selinux/config': '# SELINUXTYPE=no\nSELINUX=enforcing\nSELINUXTYPE=mls\n',
    [CONTEXTS]: 'system_u:system_r:svirt_t:s0\nsystem_u:system_r:svirt_tcg_t:s0\n',
  };
  const labels = (kvm: string, qemu: string) => [
    {type: 'kvm', label: kvm},
    {type: 'qemu', label: qemu},
  ];
  const [svirt, tcg] = ['system_u:system_r:svirt_t:s0', 'system_u:system_r:svirt_tcg_t:s0'];
  expect(readSecurityModels(fakeTree(tree), ROOT)).toEqual([{model: 'selinux', labels: labels(svirt, tcg)}, DAC]);
  const oneLine = {...tree, [CONTEXTS]: `${svirt}\n\n`};
  expect(readSecurityModels(fakeTree(oneLine), USER)).toEqual([{model: 'selinux', labels: labels(svirt, svirt)}]);
  const {[CONTEXTS]: _contexts, ...none} = tree;
  expect(readSecurityModels(fakeTree(none), USER)).toEqual([{model: 'selinux', labels: []}]);
});

test('AppArmor makes its labels for each guest', () => {
  const tree = {'/sys/module/apparmor/parameters/enabled': 'Y\n'};
  expect(readSecurityModels(fakeTree(tree), USER)).toEqual([{model: 'apparmor', labels: []}]);
  const off = {'/sys/module/apparmor/parameters/enabled': 'N\n'};
  expect(readSecurityModels(fakeTree(off), USER)).toEqual([{model: 'none', labels: []}]);
});

test('a host sleeps in the ways that its kernel knows', () => {
  const power = (state: string, disk?: string) =>
    readSuspend(fakeTree({'/sys/power/state': state, ...(disk === undefined ? {} : {'/sys/power/disk': disk})}));
  expect(power('freeze mem disk\n', '[platform] shutdown reboot suspend test_resume\n')).toEqual({
    memory: true,
    disk: true,
    hybrid: true,
  });
  expect(power('freeze disk\n', '[shutdown] reboot\n')).toEqual({memory: false, disk: true, hybrid: false});
  expect(power('mem disk\n', '[disabled]\n')).toEqual({memory: true, disk: false, hybrid: false});
  expect(readSuspend(fakeTree({}))).toEqual({memory: false, disk: false, hybrid: false});
});

test('an IOMMU is there when the kernel has groups', () => {
  expect(hasIommu(fakeTree({'/sys/kernel/iommu_groups/0/type': 'DMA\n'}))).toBe(true);
  expect(hasIommu(fakeTree({}))).toBe(false);
});
