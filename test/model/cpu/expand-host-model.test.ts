import {expect, test} from 'vitest';
import {expandHostModel} from '../../../src/model/cpu/expand-host-model.ts';
import {type CpuProperty, expandedCpuOf} from '../../../src/model/cpu/expanded-cpu.ts';
import {xmlFeatureName} from '../../../src/model/cpu/feature-names.ts';
import {x86Models} from '../../../src/model/cpu/x86-models.ts';

const ALL = () => true;
const model = (name: string) => x86Models().find(candidate => candidate.name === name);

/** A processor with the features of a model and some besides, or without some. */
function processor(like: string, {signature = '', more = [] as string[], without = [] as string[]} = {}) {
  const {vendor, features} = model(like) ?? {vendor: undefined, features: new Set<string>()};
  const [family = 0, number = 0] = signature.split('/').map(Number);
  const names = [...features].filter(name => !without.includes(name));
  const properties = new Map<string, CpuProperty>([
    ...[...names, ...more].map(name => [name, {value: true}] as const),
    ['family', {value: family}],
    ['model', {value: number}],
    ['vendor', {value: vendor ?? 'Nobody'}],
    ['tsc-frequency', {value: 0}],
  ]);
  return expandedCpuOf('base', properties, new Map());
}

const HOST_MODEL = {mode: 'host-model'} as const;

test('every model of the table is the nearest to itself', () => {
  for (const {name, vendor, signatures} of x86Models()) {
    if (vendor === undefined) continue;
    const found = expandHostModel(HOST_MODEL, processor(name, {signature: signatures[0] ?? ''}), ALL);
    expect([name, found?.model?.name, found?.features]).toEqual([name, name, []]);
  }
});

test('what the processor has besides is required, what it lacks is disabled, by the names of the XML', () => {
  const host = processor('EPYC', {
    signature: '23/1',
    more: ['cmp-legacy', 'pclmulqdq'],
    without: ['sha-ni', 'lahf-lm'],
  });
  expect(expandHostModel(HOST_MODEL, host, ALL)).toEqual({
    mode: 'custom',
    match: 'exact',
    check: 'partial',
    model: {fallback: 'forbid', name: 'EPYC'},
    features: [
      {policy: 'require', name: 'cmp_legacy'},
      {policy: 'disable', name: 'lahf_lm'},
      {policy: 'disable', name: 'sha-ni'},
    ],
  });
});

test('a model named after this processor is taken before one with fewer differences', () => {
  const host = processor('Penryn', {signature: '6/60'});
  expect(expandHostModel(HOST_MODEL, host, ALL)?.model?.name).toMatch(/^Haswell/);
});

test('only models that the emulator has, of the maker or of none', () => {
  const host = processor('EPYC-Rome', {signature: '23/49'});
  const known = (name: string) => name !== 'EPYC-Rome' && name !== 'EPYC-Milan';
  expect(expandHostModel(HOST_MODEL, host, known)?.model?.name).toBe('EPYC-IBPB');
  expect(expandHostModel(HOST_MODEL, host, name => name === 'Haswell')).toBeUndefined();
});

test('what the definition says of a feature counts more, and the topology stays', () => {
  const cpu = {
    ...HOST_MODEL,
    features: [{policy: 'disable' as const, name: 'cmp_legacy'}],
    topology: {sockets: 1, dies: 1, cores: 2, threads: 1},
    model: {vendorId: 'KVMKVMKVMKVM'},
  };
  const found = expandHostModel(cpu, processor('EPYC', {signature: '23/1', more: ['cmp-legacy']}), ALL);
  expect(found?.features).toEqual(cpu.features);
  expect(found?.topology).toEqual(cpu.topology);
  expect(found?.model).toEqual({fallback: 'forbid', vendorId: 'KVMKVMKVMKVM', name: 'EPYC'});
});

test('features that a model has in this emulator and no guest can get are disabled, too', () => {
  const {features, ...rest} = processor('EPYC', {signature: '23/1'});
  const host = {...rest, features, blocked: new Map([['EPYC', ['topoext', 'aes']]])};
  expect(expandHostModel(HOST_MODEL, host, ALL)?.features).toEqual([{policy: 'disable', name: 'topoext'}]);
});

test('what is no feature of a processor, or would not move, is left out', () => {
  const properties = new Map<string, CpuProperty>([
    ['aes', {value: true}],
    ['avx', {value: false}],
    ['sse', {value: true, migratable: false}],
    ...['kvm-pv-eoi', 'kvmclock', 'hv-time', 'vmx-ept', 'lmce', 'invtsc'].map(name => [name, {value: true}] as const),
  ]);
  expect([...expandedCpuOf('base', properties, new Map()).features]).toEqual(['aes']);
});

test('a processor that the emulator has a name for is that model with its features', () => {
  const host = expandedCpuOf('gen15a-base', new Map([['vx', {value: true}]]), new Map());
  const found = expandHostModel(HOST_MODEL, host, () => false);
  expect([found?.model?.name, found?.features]).toEqual(['gen15a-base', [{policy: 'require', name: 'vx'}]]);
});

test('names with underscores are told back', () => {
  expect(xmlFeatureName('lahf-lm')).toBe('lahf_lm');
  expect(xmlFeatureName('sse4.1')).toBe('sse4.1');
});
