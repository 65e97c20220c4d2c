import fc from 'fast-check';
import {expect, test} from 'vitest';
import {domainFromNative} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';

/** `VIRTTY_FUZZ_RUNS` makes it longer; `VIRTTY_FUZZ_SEED` repeats a run. */
const numRuns = Number(process.env.VIRTTY_FUZZ_RUNS ?? 1500);
const seed = Number(process.env.VIRTTY_FUZZ_SEED ?? 20090427);

const option = fc.constantFrom(
  ...['-name', '-m', '-smp', '-cpu', '-M', '-machine', '-boot', '-hda', '-drive', '-blockdev', '-device', '-object'],
  ...['-net', '-netdev', '-nic', '-serial', '-parallel', '-chardev', '-mon', '-vnc', '-spice', '-display', '-vga'],
  ...['-usbdevice', '-soundhw', '-rtc', '-global', '-watchdog', '-action', '-uuid', '-bios', '-S', '-nographic', '-x'],
);

const part = fc.oneof(
  fc.constantFrom(
    'file=',
    'if=none',
    'id=a',
    'drive=a',
    'chardev=a',
    'netdev=a',
    'node-name=a',
    'driver=',
    'unit=9',
    'index=1e9',
  ),
  fc.constantFrom(
    'virtio-blk-pci',
    'isa-serial',
    'user',
    'tap',
    'socket',
    'rbd:a\\',
    'nbd:unix:',
    'iscsi://%@/',
    'json:{',
    '{"a":{',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString=on',
    'addr=0xff.9',
    'bus=ide.9',
    '99999999999999999999',
    '-1',
    '',
    "'",
    '"',
    '\\',
  ),
  fc.string({unit: 'grapheme', maxLength: 6}),
);

const value = fc.array(part, {maxLength: 4}).map(parts => parts.join(','));

test('no command line throws, and a definition can be printed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(option, value), {maxLength: 12}), words => {
      const {def, problems} = domainFromNative(`/bin/qemu-system-x86_64 ${words.flat().join(' ')}`);
      expect(def === undefined).toBe(problems.some(({severity}) => severity === 'error'));
      if (def) formatDomain(def);
    }),
    {numRuns, seed},
  );
});

test.each([
  ['bytes', 'a\u0000\u001b[31m'.repeat(500_000)],
  ['one word', 'x'.repeat(10_000_000)],
  ['words', '/bin/qemu '.repeat(400_000)],
  ['options', `/bin/qemu ${'-hda a '.repeat(100_000)}`],
  ['unknown options', `/bin/qemu ${'-x y '.repeat(400_000)}`],
  ['drives', `/bin/qemu ${'-drive file=/a,if=virtio '.repeat(20_000)}`],
  ['commas', `/bin/qemu -drive ${','.repeat(3_000_000)}`],
  ['backslashes', `/bin/qemu ${'\\'.repeat(3_000_000)}`],
  ['quotes', `/bin/qemu ${"''".repeat(1_500_000)}`],
  ['braces', `/bin/qemu -device ${'{"a":'.repeat(500_000)}`],
])('garbage of many %s ends soon', (_, text) => {
  const before = performance.now();
  domainFromNative(text);
  expect(performance.now() - before).toBeLessThan(5000);
});
