import {expect, test} from 'vitest';
import {completeWord, hmpArgumentAt, parseHmpWords} from '../../src/app/hmp-words.ts';

/** The shapes of lines that QEMU 7.2 and 2.1 print: several names, arguments and texts that go on. */
const HELP = [
  'c|cont  -- resume emulation',
  'drive_add [-n] [[<domain>:]<bus>:]<slot>',
  '[file=file][,if=type][,bus=n]',
  '\t\t\tThe -f flag requests QEMU to copy the whole disk,',
  'device_add driver[,prop=value][,...] -- add device, like -device on the command line',
  'help|? [cmd] -- show the help',
  'log item1[,...] -- activate logging of the specified items',
  '',
].join('\r\n');
const INFO = 'info block [-n] [-v] [device] -- show info\r\ninfo block-jobs  -- show progress\r\ninfo cpus  -- show';

test("reads the names of commands out of the monitor's help", () => {
  expect(parseHmpWords(HELP, INFO)).toEqual({
    commands: ['?', 'c', 'cont', 'device_add', 'drive_add', 'help', 'log'],
    infos: ['block', 'block-jobs', 'cpus'],
  });
});

test.each([
  ['', 'command'],
  ['dev', 'command'],
  [' dev', 'command'],
  ['info ', 'info'],
  ['info blo', 'info'],
  ['info block ', undefined],
  ['help inf', 'command'],
  ['help info b', 'info'],
  ['device_del n', 'device'],
  ['eject -f i', 'block'],
  ['eject ide0 x', undefined],
  ['constructor x', undefined],
])('knows what stands at the end of %j', (line, argument) => {
  expect(hmpArgumentAt(line)).toBe(argument);
});

test('offers the names that begin with the last word', () => {
  const names = ['cpus', 'block-jobs', 'block'];
  expect(completeWord('info blo', names)).toEqual({head: 'info ', offers: ['block', 'block-jobs'], suffix: ' '});
  expect(completeWord('info x', names)).toEqual({head: 'info ', offers: [], suffix: ' '});
});
