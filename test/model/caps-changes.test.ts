import {expect, test} from 'vitest';
import {changesBetween} from '../../src/model/caps-changes.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';

test('names what came and went', () => {
  const [first, ...machines] = X86_CAPS.machines;
  const after = {...X86_CAPS, version: '8.0.0', machines, devices: new Set([...X86_CAPS.devices, 'virtio-iommu-pci'])};
  expect(changesBetween(X86_CAPS, after, 1000)).toEqual({
    beforeMs: 1000,
    beforeVersion: '7.2.22',
    machines: {added: [], removed: [first?.name]},
    cpuModels: {added: [], removed: []},
    devices: {added: ['virtio-iommu-pci'], removed: []},
  });
});

test('the same answers are no change, another version alone is one', () => {
  expect(changesBetween(X86_CAPS, {...X86_CAPS}, 1)).toBeUndefined();
  expect(changesBetween(X86_CAPS, {...X86_CAPS, version: '7.2.23'}, 1)?.beforeVersion).toBe('7.2.22');
});
