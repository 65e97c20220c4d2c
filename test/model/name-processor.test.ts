import {describe, expect, test} from 'vitest';
import {xmlFeatureName} from '../../src/model/cpu/feature-names.ts';
import {nameProcessor} from '../../src/model/cpu/name-processor.ts';
import {x86Models} from '../../src/model/cpu/x86-models.ts';

function featuresOf(name: string, without: readonly string[] = []): string[] {
  const model = x86Models().find(candidate => candidate.name === name);
  return [...(model?.features ?? [])].filter(feature => !without.includes(feature)).map(xmlFeatureName);
}

const INTEL = {vendorId: 'GenuineIntel', family: 6, model: 200};

describe('the name of a processor', () => {
  test('is the model of its maker with the fewest features besides', () => {
    const features = [...featuresOf('Broadwell'), 'avx512f', 'tsc_adjust'];
    expect(nameProcessor({...INTEL, features})).toEqual({model: 'Broadwell', features: ['avx512f', 'tsc_adjust']});
    expect(nameProcessor({...INTEL, vendorId: 'AuthenticAMD', features})?.model).not.toBe('Broadwell');
  });

  test('is that of its namesake where it has all of it, though another is nearer', () => {
    const features = featuresOf('Skylake-Client-IBRS');
    expect(nameProcessor({...INTEL, model: 61, features})?.model).toMatch(/^Broadwell/);
    expect(nameProcessor({...INTEL, model: 94, features})).toEqual({model: 'Skylake-Client-IBRS', features: []});
  });

  test('may need what the kernel hides, of a namesake only', () => {
    const features = featuresOf('Skylake-Client', ['mpx', 'monitor']);
    expect(nameProcessor({...INTEL, model: 94, features})?.model).toBe('Skylake-Client');
    expect(nameProcessor({...INTEL, features})?.model).toBe('Broadwell');
  });

  test('is none where no model fits', () => {
    expect(nameProcessor({...INTEL, features: ['fpu', 'tsc']})).toBeUndefined();
    expect(nameProcessor({...INTEL, vendorId: 'CentaurHauls', features: featuresOf('Broadwell')})).toBeUndefined();
  });
});
