import fc from 'fast-check';
import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {domainFromNative, domainFromWords, type FromNative} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {argvInput} from '../argv/live-domain.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';
import {arbitraryDomain} from '../model/arbitrary-domain.ts';
import {OPTIONS} from '../model/read-domain.ts';
import {fuzzTest} from '../support/fuzz.ts';
import {SAMPLE_LINES} from './sample-lines.ts';

const option = fc.constantFrom(
  ...['-name', '-m', '-smp', '-cpu', '-M', '-machine', '-boot', '-hda', '-drive', '-blockdev', '-device', '-object'],
  ...['-net', '-netdev', '-nic', '-serial', '-parallel', '-chardev', '-mon', '-vnc', '-spice', '-display', '-vga'],
  ...['-usbdevice', '-soundhw', '-rtc', '-global', '-watchdog', '-action', '-uuid', '-bios', '-S', '-nographic', '-x'],
  ...['-numa', '-fsdev', '-virtfs', '-tpmdev', '-audiodev', '-smbios', '-fw_cfg', '-accel', '-iscsi', '-compat'],
);

const part = fc.oneof(
  fc.constantFrom(
    ...[
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
    ],
    ...['memdev=a', 'fsdev=a', 'tpmdev=a', 'file=a', 'type=', 'size=1', 'host=', 'path=/', 'bus=a.0', 'nodeid=0'],
  ),
  fc.constantFrom(
    ...[
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
    ],
    ...[
      'pc-dimm',
      'memory-backend-ram',
      'qxl',
      'virtio-9p-pci',
      'raw',
      'qcow2',
      'throttle',
      'node',
      'emulator',
      'pci-bridge',
    ],
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString=on', 'addr=0xff.9', 'bus=ide.9', '99999999999999999999'),
  fc.constantFrom('-1', '', "'", '"', '\\', '0', ',,', '='),
  fc.string({unit: 'grapheme', maxLength: 6}),
);

const value = fc.array(part, {maxLength: 4}).map(parts => parts.join(','));

/** What must hold of every answer: a definition or errors, places inside the text, and XML that is read back. */
function checkAnswer(text: string, {def, problems}: FromNative): void {
  expect(def === undefined).toBe(problems.some(({severity}) => severity === 'error'));
  const lines = text.split('\n');
  for (const {line, column} of problems) {
    if (line > 0) expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
  }
  if (!def) return;
  const back = parseDomain(formatDomain(def), OPTIONS);
  const isRelative = problems.some(({message}) => message.includes('is a relative path'));
  if (!isRelative) expect(back.problems.filter(({severity}) => severity === 'error')).toEqual([]);
}

fuzzTest(
  'no command line throws, and a definition can be printed and read',
  fc.array(fc.tuple(option, value), {maxLength: 12}),
  words => {
    const text = `/bin/qemu-system-x86_64 ${words.flat().join(' ')}`;
    checkAnswer(text, domainFromNative(text));
  },
);

/** A piece cut out of a text, and another one put there. */
const cut = fc.record({
  at: fc.double({min: 0, max: 1, noNaN: true}),
  remove: fc.nat({max: 30}),
  insert: fc.oneof(part, option, fc.constantFrom(' ', '\\\n', ',', '=', "'", '"', '{', '}', '')),
});

const cutLine = fc
  .tuple(fc.constantFrom(...SAMPLE_LINES), fc.array(cut, {minLength: 1, maxLength: 5}))
  .map(([line, cuts]) =>
    cuts.reduce((text, {at, remove, insert}) => {
      const offset = Math.floor(at * text.length);
      return text.slice(0, offset) + insert + text.slice(offset + remove);
    }, line),
  );

fuzzTest('whatever is done to a command line of a tool, it is read or its problems are told', cutLine, text => {
  checkAnswer(text, domainFromNative(text));
});

/** The words that a start would run; undefined for a definition that the emulator cannot have. */
function wordsOf(def: Parameters<typeof argvInput>[0]): readonly string[] | undefined {
  try {
    return renderArgv(buildArgv(argvInput(def, X86_CAPS)));
  } catch (error) {
    if (error instanceof VirtError) return undefined;
    throw error;
  }
}

fuzzTest(
  'what a start runs is read back, and so is what is left of it',
  fc.tuple(arbitraryDomain, fc.array(fc.nat(), {maxLength: 3})),
  ([def, gone]) => {
    const words = wordsOf(def);
    if (!words) return;
    const left = words.filter((_, index) => !gone.some(at => at % words.length === index));
    checkAnswer('', domainFromWords(['/bin/qemu-system-x86_64', ...left]));
  },
);

test.each([
  ['bytes', 'a\u0000\u001b[31m'.repeat(500_000)],
  ['one word', 'x'.repeat(10_000_000)],
  ['words', '/bin/qemu '.repeat(400_000)],
  ['options', `/bin/qemu ${'-hda a '.repeat(100_000)}`],
  ['unknown options', `/bin/qemu ${'-x y '.repeat(400_000)}`],
  ['drives', `/bin/qemu ${'-drive file=/a,if=virtio '.repeat(4_000)}`],
  ['cards', `/bin/qemu ${'-nic user '.repeat(4_000)}`],
  ['controllers', `/bin/qemu ${'-device pci-bridge '.repeat(4_000)}`],
  ['nodes over nodes', `/bin/qemu ${chain(4_000)} -device virtio-blk,drive=n0`],
  ['ranges of processors', `/bin/qemu -numa node,${'cpus=0-16383,'.repeat(2_000)}`],
  ['commas', `/bin/qemu -drive ${','.repeat(3_000_000)}`],
  ['backslashes', `/bin/qemu ${'\\'.repeat(3_000_000)}`],
  ['quotes', `/bin/qemu ${"''".repeat(1_500_000)}`],
  ['braces', `/bin/qemu -device ${'{"a":'.repeat(500_000)}`],
  ['strings', `/bin/qemu -device {"a":"${'\\\\'.repeat(1_000_000)}`],
])('garbage of many %s ends soon', (_, text) => {
  const before = performance.now();
  domainFromNative(text);
  expect(performance.now() - before).toBeLessThan(5000);
});

function chain(length: number): string {
  return Array.from({length}, (_, at) => `-blockdev driver=raw,node-name=n${at},file=n${at + 1}`).join(' ');
}
