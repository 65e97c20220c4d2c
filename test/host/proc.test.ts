import {expect, test} from 'vitest';
import {isAlive, parseStat, readProcess, usageOf} from '../../src/host/proc.ts';
import {parseAccounts} from '../../src/host/users.ts';

/** As Linux 6.1 prints it, of a program whose name has all that a name may have. */
const STAT =
  '4242 (a) S (b) R 1 4242 4242 0 -1 4194560 2049 0 0 0 150 50 0 0 20 0 4 0 717312 1021952000 10240 18446744073709551615 1 1 0';

test('reads a process whose name has parentheses and blanks', () => {
  expect(parseStat(STAT)).toEqual({
    pid: 4242,
    command: 'a) S (b',
    state: 'R',
    parentPid: 1,
    cpuTicks: 200,
    startTicks: 717312,
    rssPages: 10240,
  });
});

test('a text that is no stat is no process', () => {
  for (const text of ['', '4242', '4242 (x', '4242 (x) S 1 2', 'x (y) S']) expect(parseStat(text)).toBeUndefined();
});

test('ticks and pages become nanoseconds and KiB', () => {
  const stat = parseStat(STAT);
  expect(stat && usageOf(stat)).toEqual({cpuTimeNs: 2_000_000_000n, rssKiB: 40_960n});
});

test('a process is itself only with its start time', () => {
  const own = readProcess(process.pid);
  if (!own) throw new Error('no /proc/self/stat');
  expect(isAlive(own)).toBe(true);
  expect(isAlive({pid: own.pid, startTicks: own.startTicks + 1})).toBe(false);
});

test('the first name of a number counts, and broken lines do not', () => {
  const names = parseAccounts('root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:\n\n:x:5:\nbad:x:many:\nqemu:x:107:107::/:\n');
  expect([...names]).toEqual([
    [0, 'root'],
    [107, 'qemu'],
  ]);
});
