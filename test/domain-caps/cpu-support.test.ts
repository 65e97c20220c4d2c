import {describe, expect, test} from 'vitest';
import {cpuSupport} from '../../src/driver/domain-caps/cpu-support.ts';
import type {AcceleratorAnswers} from '../../src/driver/emulators/ask-accelerator.ts';
import type {CpuModel} from '../../src/model/cpu/cpu-model.ts';
import {x86Models} from '../../src/model/cpu/x86-models.ts';

const model = (name: string, lacks: CpuModel['lacks'] = {}): CpuModel => ({name, deprecated: false, lacks});

const MODELS = [
  model('EPYC', {tcg: ['topoext']}),
  model('EPYC-v2', {tcg: []}),
  {...model('Penryn', {tcg: []}), deprecated: true},
  model('host', {tcg: ['kvm']}),
  model('max', {tcg: []}),
  model('qemu64', {tcg: []}),
];

function answers(more: Partial<AcceleratorAnswers> = {}): AcceleratorAnswers {
  return {cpuModels: MODELS, bestCpu: undefined, hyperv: [], gicVersions: [], sev: undefined, sgx: undefined, ...more};
}

const X86 = {arch: 'x86_64', accelerator: 'tcg', cpuModels: MODELS, answers: answers()} as const;

describe('the processors that domains can have', () => {
  test('are the named models without their versions, usable or blocked', () => {
    const {models, maximum, hostPassthrough} = cpuSupport(X86);
    expect({maximum, hostPassthrough}).toEqual({maximum: true, hostPassthrough: false});
    expect(models).toEqual([
      {name: 'EPYC', usable: false, blockedBy: ['topoext'], deprecated: false, vendor: 'AMD'},
      {name: 'Penryn', usable: true, blockedBy: [], deprecated: true, vendor: 'Intel'},
      {name: 'qemu64', usable: true, blockedBy: [], deprecated: false, vendor: undefined},
    ]);
  });

  test('are like the host’s by a model and what is different', () => {
    const penryn = x86Models().find(({name}) => name === 'Penryn');
    const features = new Set([...(penryn?.features ?? []), 'zeta', 'avx'].filter(name => name !== 'cx16'));
    const bestCpu = {family: 6, model: 23, vendor: 'GenuineIntel', features, blocked: new Map()};
    expect(cpuSupport({...X86, answers: answers({bestCpu})}).hostModel).toEqual({
      model: 'Penryn',
      vendor: 'Intel',
      features: [
        {name: 'avx', policy: 'require'},
        {name: 'zeta', policy: 'require'},
        {name: 'cx16', policy: 'disable'},
      ],
    });
  });

  test('say why none is like the host’s', () => {
    const why = (more: Partial<Parameters<typeof cpuSupport>[0]>) => cpuSupport({...X86, ...more}).whyNoHostModel;
    expect(why({answers: 'it crashed'})).toBe('it crashed');
    expect(why({})).toBe('the emulator does not say which processor it can give');
    expect(why({arch: 'aarch64'})).toContain('no named processors of aarch64');
    const bestCpu = {vendor: 'GenuineIntel', features: new Set<string>(), blocked: new Map()};
    expect(why({answers: answers({bestCpu, cpuModels: []})})).toContain('none of its models is like');
  });

  test('are not known to be usable with KVM where only software emulation was asked', () => {
    const {models, hostPassthrough} = cpuSupport({...X86, accelerator: 'kvm', answers: 'Could not access KVM'});
    expect(hostPassthrough).toBe(true);
    expect(models.map(({usable}) => usable)).toEqual([undefined, undefined, undefined]);
  });

  test('have libvirt’s names on POWER, and all names elsewhere', () => {
    const power = [model('970'), model('max'), model('power9'), model('power9_v2.0')];
    const names = (arch: string, cpuModels: readonly CpuModel[]) =>
      cpuSupport({...X86, arch, answers: answers({cpuModels})}).models.map(({name, vendor}) => `${name} ${vendor}`);
    expect(names('ppc64', power)).toEqual(['970 undefined', 'max undefined', 'POWER9 IBM']);
    expect(names('aarch64', [model('cortex-a57'), model('max')])).toEqual(['cortex-a57 undefined', 'max undefined']);
  });
});
