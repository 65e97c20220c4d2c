import fc from 'fast-check';
import {expect, test} from 'vitest';
import {HmpAnswerReader} from '../../../src/monitor/hmp-answer.ts';
import {TextRows} from '../../../src/monitor/text-rows.ts';

const PIECES = [
  '\x1b[D',
  '\x1b[K',
  '\x1b[12D',
  '\x1b',
  '\r\n',
  '\n',
  '\r',
  '(qemu) ',
  'info',
  'Password: ',
  '(y/n)',
  '\x07',
];
const stream = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({unit: 'binary', maxLength: 5})), {
  maxLength: 60,
});

test('any bytes are rows, and the same however they are cut', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.integer({min: 1, max: 9}), {minLength: 1}), (parts, sizes) => {
      const bytes = Buffer.from(parts.join(''), 'utf8');
      const [whole, cut] = [new TextRows(1e6), new TextRows(1e6)];
      const [inWhole, inPieces] = [new HmpAnswerReader(whole, 'info'), new HmpAnswerReader(cut, 'info')];
      whole.push(bytes);
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        cut.push(bytes.subarray(at, at + size));
        inPieces.read();
        at += size;
      }
      expect([cut.ended, cut.current]).toEqual([whole.ended, whole.current]);
      expect(inPieces.read()).toEqual(inWhole.read());
    }),
    {numRuns: 2_000, seed: 20090914},
  );
});

test('more text than there is room for is told, a redrawn row is not more', () => {
  const rows = new TextRows(100);
  expect(rows.push(Buffer.from('x\x1b[D'.repeat(1_000)))).toBe(true);
  expect(rows.push(Buffer.from('x'.repeat(200)))).toBe(false);
});
