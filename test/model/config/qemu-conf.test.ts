import {expect, test} from 'vitest';
import {formatProblem} from '../../../src/base/problem.ts';
import {confSwitch, confText, confTexts} from '../../../src/model/config/conf-kinds.ts';
import {readQemuConf} from '../../../src/model/config/qemu-conf.ts';

test('reads the settings that it knows, and lists the others', () => {
  const {conf, problems, unread} = readQemuConf('emulator_directories = ["/opt/qemu/bin/", "/"]\nuser = "root"\n');
  expect(conf).toEqual({emulator_directories: ['/opt/qemu/bin', '/']});
  expect(problems).toEqual([]);
  expect(unread.map(({name}) => name)).toEqual(['user']);
});

test.each([
  ['emulator_directories = 1', "line 1, column 1: 'emulator_directories' has to be a list of texts in quotes"],
  [
    '\n emulator_directories = ["opt"]',
    "line 2, column 2: 'emulator_directories' has to be a list of paths that begin with /",
  ],
  [
    'emulator_directories = ["/a"]\nemulator_directories = ["/b"]',
    "line 2, column 1: 'emulator_directories' is set before: this one does not count",
  ],
])('says what is wrong with %j', (text, message) => {
  expect(readQemuConf(text).problems.map(formatProblem)).toEqual([message]);
});

test('of a setting that is there twice the first counts', () => {
  const text = 'emulator_directories = "/a"\nemulator_directories = ["/b"]';
  expect(readQemuConf(text).conf).toEqual({emulator_directories: ['/a']});
});

test('a kind of value says what it should be', () => {
  expect(confSwitch({is: 'number', number: 1n})).toEqual({read: true});
  expect(confSwitch({is: 'number', number: 2n})).toBe('0 or 1');
  expect(confText({is: 'text', text: 'x'})).toEqual({read: 'x'});
  expect(confText({is: 'number', number: 1n})).toBe('a text in quotes');
  expect(confTexts({is: 'list', items: [{is: 'number', number: 1n}]})).toBe('a list of texts in quotes');
});
