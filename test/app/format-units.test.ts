import {expect, test} from 'vitest';
import {formatKiB, formatPercent, formatSpan} from '../../src/base/format-units.ts';

test.each([
  [0n, '0 KiB'],
  [512n, '512 KiB'],
  [16_384n, '16 MiB'],
  [1536n, '1.5 MiB'],
  [2_097_152n, '2 GiB'],
  [219_200n, '214 MiB'],
])('%s KiB reads %s', (kib, text) => {
  expect(formatKiB(kib)).toBe(text);
});

test.each([
  [-5, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_600_000, '1h'],
  [7_500_000, '2h 5m'],
  [4 * 86_400_000 + 3 * 3_600_000, '4d 3h'],
  [400 * 86_400_000 + 3_600_000, '400d'],
])('%i ms reads %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test('a share is a whole percentage', () => {
  expect(formatPercent(0.127)).toBe('13%');
});
