import {expect, test} from 'vitest';
import {openQuestions, resolveDomain} from '../../src/driver/resolve-domain.ts';
import {type CpuProperty, type ExpandedCpu, expandedCpuOf} from '../../src/model/cpu/expanded-cpu.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const CAPS = {...X86_CAPS, cpuModels: [{name: 'Haswell', deprecated: false, lacks: {}}]};
const HOST: ExpandedCpu = expandedCpuOf(
  'base',
  new Map<string, CpuProperty>([
    ...['aes', 'lahf-lm', 'sse4.2'].map(name => [name, {value: true}] as const),
    ['vendor', {value: 'GenuineIntel'}],
  ]),
  new Map(),
);

const settle = (more: string, hostCpu: ExpandedCpu | string = HOST) =>
  resolveDomain(readDomain(domainXml({more})), {caps: CAPS, nvramDir: '/nvram', hostCpu});

test('a definition that leaves nothing open asks nothing', () => {
  for (const more of ['', "<cpu mode='host-passthrough'/>", '<cpu><model>Haswell</model></cpu>']) {
    expect(openQuestions(readDomain(domainXml({more})))).toEqual({firmware: false, hostCpu: false});
  }
  const power = domainXml({
    os: "<os><type arch='ppc64' machine='pseries'>hvm</type></os>",
    more: "<cpu mode='host-model'/>",
  });
  expect(openQuestions(readDomain(power)).hostCpu).toBe(false);
});

test('a host-model is a named processor, of those that the emulator has', () => {
  expect(settle("<cpu mode='host-model'/>").cpu).toMatchObject({mode: 'custom', model: {name: 'Haswell'}});
});

test('an optional feature is there where it can be had, the others are as they are said', () => {
  const features = `<feature policy='optional' name='lahf_lm'/><feature policy='optional' name='avx'/>
    <feature policy='force' name='avx2'/>`;
  const more = `<cpu><model>Haswell</model>${features}</cpu>`;
  const policies = (hostCpu?: string) => settle(more, hostCpu).cpu?.features?.map(({policy}) => policy);
  expect(policies()).toEqual(['require', 'disable', 'force']);
  expect(policies('it does not tell')).toEqual(['optional', 'optional', 'force']);
});

test('a host-model is refused where the emulator does not tell, or has no model like it', () => {
  expect(() => settle("<cpu mode='host-model'/>", 'Could not access KVM kernel module')).toThrow(
    "cannot give domain 'demo' a processor like the host's: this emulator (x86_64, QEMU 7.2.22) does not say what it is: Could not access KVM kernel module",
  );
  const {vendor: _, ...noName} = HOST;
  expect(() => settle("<cpu mode='host-model'/>", {...noName, vendor: 'Nobody'})).toThrow('none of its models');
});
