import {expect, test} from 'vitest';
import {compareCommandLines} from './compare-command-lines.ts';

test('command lines differ by what they mean, not by the order of independent options', () => {
  const line = 'A=1 B=2 qemu -S -m 1 -drive file=/a,if=ide,index=0 -drive file=/b';
  expect(
    compareCommandLines(line, 'B=2 A=1 qemu -m 1 -S -drive file=/a,index=0,if=ide -drive file=/b'),
  ).toBeUndefined();
  expect(compareCommandLines(line, 'A=1 B=2 qemu -S -m 1 -drive file=/b -drive file=/a,if=ide,index=0')).toContain(
    '/b',
  );
  expect(compareCommandLines(line, line.replace('-m 1', '-m 2'))).toBe("expected '-m 1', found '-m 2'");
  expect(compareCommandLines(line, line.replace('A=1', 'A=2'))).toBe("expected 'A=1', found 'A=2'");
});
