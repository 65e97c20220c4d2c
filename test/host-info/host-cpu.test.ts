import {describe, expect, test} from 'vitest';
import {cpuOfKernel, readCpuFacts} from '../../src/driver/host-info/host-cpu.ts';
import {fakeTree} from './fake-tree.ts';

const cpu = (arch: string, cpuinfo: string) => cpuOfKernel(readCpuFacts(fakeTree({'/proc/cpuinfo': cpuinfo})), arch);

describe('the processor as the kernel tells it', () => {
  test('on an Intel machine', () => {
    const cpuinfo = `processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 85
model name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz
stepping\t: 4
microcode\t: 0x2007006
flags\t\t: fpu tsc constant_tsc nonstop_tsc rep_good pni pclmulqdq sse4_2 tsc_deadline_timer ibrs ibpb avx512_vnni ssbd
vmx flags\t: vnmi preemption_timer tsc_scaling
bogomips\t: 4189.98
address sizes\t: 46 bits physical, 48 bits virtual

processor\t: 1
vendor_id\t: other
`;
    expect(cpu('x86_64', cpuinfo)).toEqual({
      vendor: 'Intel',
      microcode: 0x2007006,
      signature: {family: 6, model: 85, stepping: 4},
      tsc: {frequencyHz: 2_094_990_000, scaling: true},
      physicalAddressBits: 46,
      features: [
        ...['fpu', 'tsc', 'invtsc', 'pni', 'pclmuldq', 'sse4.2', 'tsc-deadline'],
        ...['spec-ctrl', 'avx512vnni', 'ssbd'],
      ],
      source: 'the kernel',
    });
  });

  test('on an AMD machine whose counter changes', () => {
    const cpuinfo =
      'vendor_id : AuthenticAMD\ncpu family : 23\nmodel : 0\nflags : fpu ibpb ssbd tsc_scale\nbogomips : 4391.9\n';
    expect(cpu('x86_64', cpuinfo)).toEqual({
      vendor: 'AMD',
      signature: {family: 23, model: 0, stepping: 0},
      features: ['fpu', 'ibpb', 'amd-ssbd', 'tsc-scale'],
      source: 'the kernel',
    });
  });

  test('on ARM and POWER machines', () => {
    const arm = 'processor : 0\nFeatures : fp asimd aes\nCPU implementer : 0x41\nCPU part : 0xd0c\n';
    expect(cpu('aarch64', arm)).toMatchObject({model: 'neoverse-n1', vendor: 'ARM', features: ['fp', 'asimd', 'aes']});
    const unknown = 'CPU implementer : 0x41\nCPU part : 0xfff\n';
    expect(cpu('aarch64', unknown)).toEqual({vendor: 'ARM', features: [], source: 'the kernel'});
    const power = 'processor : 0\ncpu : POWER9 (architected), altivec supported\nclock : 2300.000000MHz\n';
    expect(cpu('ppc64le', power)).toMatchObject({model: 'POWER9', vendor: 'IBM'});
  });

  test('where it says nothing that is known', () => {
    const nothing = {features: [], source: 'the kernel'};
    expect(['x86_64', 'aarch64', 'ppc64', 's390x', 'riscv64'].map(arch => cpu(arch, ''))).toEqual(
      Array.from({length: 5}, () => nothing),
    );
    expect(cpu('x86_64', 'microcode : x\ncpu family : ?\nbogomips : \nflags : \n')).toEqual(nothing);
  });
});
