import {describe, expect, test} from 'vitest';
import {
  formatRecord,
  type JournalRecord,
  LogJournal,
  parseJournal,
  thinJournal,
} from '../../src/monitor/log-journal.ts';

const begun = (offset: number, ms: number) => ({is: 'begun', offset, ms}) as const;
const grown = (offset: number, ms: number) => ({is: 'grown', offset, ms}) as const;
const at = (ms: number) => ({is: 'at', ms});
const before = (ms: number) => ({is: 'before', ms});

describe('the journal of a log', () => {
  test('says of each byte when it came, or before when', () => {
    const journal = new LogJournal([
      begun(10, 1000),
      grown(12, 2000),
      grown(20, 3000),
      begun(30, 9000),
      grown(31, 9500),
    ]);
    expect(journal.spans(0, 40, 99_000)).toEqual([
      {from: 0, time: before(1000)},
      {from: 10, time: at(2000)},
      {from: 12, time: at(3000)},
      {from: 20, time: before(9000)},
      {from: 30, time: at(9500)},
      {from: 31, time: before(99_000)},
    ]);
    expect(journal.spans(15, 25, 99_000)).toEqual([
      {from: 15, time: at(3000)},
      {from: 20, time: before(9000)},
    ]);
  });

  test('knows nothing of a log that nobody has watched', () => {
    expect(new LogJournal([]).spans(0, 5, 7000)).toEqual([{from: 0, time: before(7000)}]);
  });

  test('begins where the log does', () => {
    expect(new LogJournal([begun(0, 1), {is: 'dropped', offset: 4096}, grown(9000, 2)]).keptFrom).toBe(4096);
  });

  test('is read as it was written; half a line is left out', () => {
    const records: readonly JournalRecord[] = [begun(0, 1), grown(5, 1_795_568_477_123), {is: 'dropped', offset: 4096}];
    const text = records.map(formatRecord).join('');
    expect(parseJournal(text)).toEqual(records);
    expect(parseJournal(`${text}g 50`)).toEqual(records);
    expect(parseJournal('nonsense\ng x 5\n\0\0\0')).toEqual([]);
  });

  test('gets thinner without telling an earlier time than the true one', () => {
    const records = [begun(0, 0), ...Array.from({length: 99}, (_, index) => grown(index + 1, (index + 1) * 10))];
    const thin = thinJournal([...records, {is: 'dropped', offset: 5}]);
    expect(thin.length).toBeLessThan(80);
    const [full, less] = [new LogJournal(records), new LogJournal(thin)];
    expect(less.keptFrom).toBe(5);
    for (let offset = 5; offset < 99; offset++) {
      const [exact, told] = [full, less].map(journal => journal.spans(offset, offset + 1, 0)[0]?.time.ms ?? 0);
      expect(told).toBeGreaterThanOrEqual(exact ?? 0);
    }
  });
});
