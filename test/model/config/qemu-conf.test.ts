import {expect, test} from 'vitest';
import {formatProblem} from '../../../src/base/problem.ts';
import {confSwitch, confText, confTexts} from '../../../src/model/config/conf-kinds.ts';
import {formatConfSetting, readQemuConf} from '../../../src/model/config/qemu-conf.ts';

test('reads the settings that it knows, each with its line', () => {
  const text = 'emulator_directories = ["/opt/qemu/bin/", "/"]\n\nseccomp_sandbox = -1\nvnc_password = "secret"\n';
  const {conf, problems, settings} = readQemuConf(text);
  expect(conf).toEqual({emulator_directories: ['/opt/qemu/bin', '/'], seccomp_sandbox: -1, vnc_password: 'secret'});
  expect(problems).toEqual([]);
  expect(settings.map(setting => `${setting.line}: ${setting.name} = ${formatConfSetting(setting)}`)).toEqual([
    '1: emulator_directories = ["/opt/qemu/bin/", "/"]',
    '3: seccomp_sandbox = -1',
    '4: vnc_password = (not shown)',
  ]);
});

test("a setting of libvirt's that has no effect here is a warning, and of the right kind all the same", () => {
  const {conf, problems, settings} = readQemuConf('max_core = "unlimited"\nmac_filter = "yes"');
  expect(conf).toEqual({});
  expect(settings.map(({name, isHonoured}) => [name, isHonoured])).toEqual([['max_core', false]]);
  expect(problems.map(problem => `${problem.severity}: ${formatProblem(problem)}`)).toEqual([
    "warning: line 1, column 1: 'max_core' is a setting of libvirt that has no effect here yet",
    "error: line 2, column 1: 'mac_filter' has to be 0 or 1",
  ]);
});

test.each([
  ['vnc_lsten = "::"', "line 1, column 1: there is no setting 'vnc_lsten': is 'vnc_listen' meant?"],
  ['constructor = 1', "line 1, column 1: there is no setting 'constructor'"],
  ['seccomp_sandbox = 2', "line 1, column 1: 'seccomp_sandbox' has to be a number from -1 to 1"],
  ['vnc_tls = "1"', "line 1, column 1: 'vnc_tls' has to be 0 or 1"],
  ['remote_display_port_min = 80', "line 1, column 1: 'remote_display_port_min' has to be a number from 5900 to 65535"],
  ['bridge_helper = "x"', "line 1, column 1: 'bridge_helper' has to be a path that begins with /, in quotes"],
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
