import {expect, test} from 'vitest';
import {cpuExpansionOf, decodeCpuExpansion, encodeCpuExpansion} from '../../src/driver/emulators/cpu-expansion.ts';

const BOUND = {
  model: {name: 'base', props: {sse2: true, avx: false, family: 6, 'model-id': 'QEMU', 'hv-spinlocks': 0}},
};
const UNBOUND = {model: {name: 'base', props: {sse2: true, invtsc: true, avx: false, family: 6, 'model-id': 'QEMU'}}};

test('keeps what is on and what tells the make, and says what binds a guest to this host', () => {
  const expansion = cpuExpansionOf(BOUND, UNBOUND);
  expect(expansion?.name).toBe('base');
  expect(Object.fromEntries(expansion?.properties ?? [])).toEqual({
    sse2: {value: true},
    invtsc: {value: true, migratable: false},
    family: {value: 6},
    'model-id': {value: 'QEMU'},
  });
  expect(cpuExpansionOf(undefined)).toBeUndefined();
});

test('is the same after it was stored', () => {
  for (const expansion of [cpuExpansionOf(BOUND, UNBOUND), cpuExpansionOf({model: {name: 'max', props: {}}})]) {
    if (expansion) expect(decodeCpuExpansion(encodeCpuExpansion(expansion))).toEqual(expansion);
  }
});
