import fc from 'fast-check';
import {expect, test} from 'vitest';
import {diffLines, isUnchanged} from '../../src/base/line-diff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '<x/>'), {maxLength: 30});

test('the difference holds both texts', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(before, after);
      expect(diff.filter(({is}) => is !== 'added').map(({text}) => text)).toEqual(before);
      expect(diff.filter(({is}) => is !== 'removed').map(({text}) => text)).toEqual(after);
    }),
  );
});

test('equal texts have no difference, others have one', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      expect(isUnchanged(diffLines(before, after))).toBe(
        before.join('\n') === after.join('\n') && before.length === after.length,
      );
    }),
  );
});

test('of a change the removed lines come first, and nothing else is touched', () => {
  const diff = diffLines(['one', 'two', 'three', 'four'], ['one', 'zwei', 'three', 'four', 'five']);
  expect(diff.map(({is, text}) => `${{same: ' ', removed: '-', added: '+'}[is]}${text}`)).toEqual([
    ' one',
    '-two',
    '+zwei',
    ' three',
    ' four',
    '+five',
  ]);
});

test('long texts are compared in bounded memory', () => {
  const before = Array.from({length: 3000}, (_, at) => `old ${at}`);
  const after = Array.from({length: 3000}, (_, at) => `new ${at}`);
  expect(diffLines(['head', ...before, 'tail'], ['head', ...after, 'tail'])).toHaveLength(6002);
});
