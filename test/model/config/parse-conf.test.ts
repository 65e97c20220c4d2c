import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatProblem} from '../../../src/base/problem.ts';
import {parseConf} from '../../../src/model/config/parse-conf.ts';

function valuesOf(text: string): readonly unknown[] {
  const {settings, problems} = parseConf(text);
  expect(problems).toEqual([]);
  return settings.map(({name, value}) => [name, value]);
}

const text = (words: string) => ({is: 'text', text: words});
const number = (digits: bigint) => ({is: 'number', number: digits});

test('reads numbers, texts and lists among comments', () => {
  expect(
    valuesOf(
      [
        '# Master configuration file',
        '',
        '  user = "root"  # who',
        "group='kvm'",
        'max_core = 18446744073709551615',
        'remote_display_port_min = -1',
        'namespaces = [ ]',
        'cgroup_device_acl = [',
        '    "/dev/null", "/dev/full", # shared by all',
        '    "/dev/kvm" ,',
        ']',
        'numbers = [1, 2]',
        'keys = """one "of"\ntwo lines"""',
        '#vnc_listen = "0.0.0.0"',
        'last = "no line end"',
      ].join('\n'),
    ),
  ).toEqual([
    ['user', text('root')],
    ['group', text('kvm')],
    ['max_core', number(18446744073709551615n)],
    ['remote_display_port_min', number(-1n)],
    ['namespaces', {is: 'list', items: []}],
    ['cgroup_device_acl', {is: 'list', items: [text('/dev/null'), text('/dev/full'), text('/dev/kvm')]}],
    ['numbers', {is: 'list', items: [number(1n), number(2n)]}],
    ['keys', text('one "of"\ntwo lines')],
    ['last', text('no line end')],
  ]);
});

test('no character of a text is special, and lines may end as on Windows', () => {
  expect(valuesOf('a = "C:\\\\dir#1\\"\r\nb = 1\r\n')).toEqual([
    ['a', text('C:\\\\dir#1\\')],
    ['b', number(1n)],
  ]);
});

test.each([
  ['user "root"', "line 1, column 6: after 'user' there is no ="],
  ['user = root', "line 1, column 8: 'user' is set to no number, text in quotes, or list in brackets"],
  ['\n= 1', 'line 2, column 1: a line begins with the name of a setting, or with #'],
  ['user = "root', 'line 1, column 8: the text that begins with " has no end'],
  ['user = "ro\not"', 'line 1, column 8: the text that begins with " has no end'],
  ['a = 1 b = 2', 'line 1, column 7: there is more than one setting on the line, or something behind it'],
  ['a = [1 2]', 'line 1, column 8: a comma is missing in the list'],
  ['a = [[1]]', 'line 1, column 6: a list has no lists in it'],
  ['a = [1,\n2', "line 1, column 5: the list of 'a' has no end"],
])('says where %j is wrong', (words, message) => {
  expect(parseConf(words).problems.map(formatProblem)[0]).toBe(message);
});

test('goes on after what is wrong', () => {
  const {settings, problems} = parseConf('a = oops\nb = [1,\n  2 3,\n  4]\nc = 3\n');
  expect(settings.map(({name, line, column}) => [name, line, column])).toEqual([['c', 5, 1]]);
  expect(problems).toHaveLength(2);
});

test('any text is read, in a time that grows with its length', () => {
  const piece = fc.oneof(
    fc.constantFrom('a', '=', '"', "'", '"""', '[', ']', ',', '#', '\n', ' ', '1', '-'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const words = pieces.join('');
      const {settings, problems} = parseConf(words);
      const lines = words.split('\n').length;
      expect(settings.length + problems.length).toBeLessThanOrEqual(lines);
      for (const {line} of [...settings, ...problems]) expect(line).toBeLessThanOrEqual(lines);
    }),
  );
  expect(parseConf(' '.repeat(2 ** 21)).problems).toHaveLength(1);
});
