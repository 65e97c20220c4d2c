import {describe, expect, test} from 'vitest';
import {
  attr,
  child,
  list,
  orElse,
  presence,
  required,
  textChild,
  withDefault,
} from '../../../src/model/fields/element-fields.ts';
import {elementOf, type Field} from '../../../src/model/fields/field.ts';
import {kept} from '../../../src/model/fields/kept.ts';
import {whileLive} from '../../../src/model/fields/live.ts';
import {record} from '../../../src/model/fields/record.ts';
import {integer, text} from '../../../src/model/fields/scalar.ts';
import {variants} from '../../../src/model/fields/variants.ts';
import {ElementReader} from '../../../src/model/xml/element-reader.ts';
import {parseXml} from '../../../src/model/xml/parse-xml.ts';
import {ProblemList} from '../../../src/model/xml/problem-list.ts';
import {writeXml} from '../../../src/model/xml/write-xml.ts';

function read<T>(field: Field<T>, xml: string, live = false) {
  const {root} = parseXml(xml);
  if (!root) throw new Error('no XML');
  const problems = new ProblemList();
  const reader = new ElementReader(root, problems);
  const value = field.read(reader, {live});
  reader.finish();
  return {
    value,
    problems: problems.sorted().map(({severity, line, column, message}) => `${severity} ${line}:${column} ${message}`),
  };
}

const thing = record({
  name: required(attr('name', text), "name='NAME'"),
  size: withDefault(attr('size', integer(0, 9)), 3),
  quiet: orElse(attr('quiet', integer(0, 9)), 0),
  on: presence('on'),
  note: textChild('note', text),
  parts: list('part', attr('id', integer())),
});

describe('a record', () => {
  test('is read with its defaults, and printed in the order of its declaration', () => {
    const {value, problems} = read(thing, "<x quiet='0' name='n'><part id='2'/><note>a</note><part id='1'/></x>");
    expect(problems).toEqual([]);
    expect(value).toEqual({name: 'n', size: 3, quiet: 0, on: false, note: 'a', parts: [2, 1]});
    expect(value && writeXml(elementOf('x', thing, value, {live: false})).replaceAll('\n', '')).toBe(
      "<x name='n' size='3'>  <note>a</note>  <part id='2'/>  <part id='1'/></x>",
    );
  });

  test('has no property for what is missing', () => {
    expect(Object.keys(read(thing, "<x name='n'/>").value ?? {})).toEqual(['name', 'size', 'quiet', 'on']);
  });

  test('is nothing without a required part, and one error says so', () => {
    expect(read(thing, '<x/>')).toEqual({
      value: undefined,
      problems: ["error 1:1 <x> is not complete: name='NAME' is missing"],
    });
    expect(read(thing, "<x name=''/>").problems).toEqual([
      "error 1:4 attribute 'name' of <x> is '': it must be a text that is not empty",
    ]);
  });

  test('warns about what it does not know', () => {
    expect(read(thing, "<x name='n' odd='1'><more/></x>").problems).toEqual([
      "warning 1:13 attribute 'odd' of <x> is not understood yet: it is ignored and will not be saved",
      'warning 1:21 <more> is not understood yet: it is ignored and will not be saved',
    ]);
  });
});

describe('a variant', () => {
  const shape = variants('type', {circle: record({r: attr('r', integer())}), point: record({})});

  test('is what its attribute says', () => {
    expect(read(shape, "<s type='circle' r='2'/>").value).toEqual({type: 'circle', r: 2});
    expect(read(shape, "<s type='point'/>").value).toEqual({type: 'point'});
  });

  test('of an unknown word, or of none, is an error with the words', () => {
    expect(read(shape, "<s type='cube'/>").problems).toEqual([
      "error 1:4 attribute 'type' of <s> is 'cube': it must be one of 'circle', 'point'",
    ]);
    expect(read(shape, '<s/>').problems).toEqual(["error 1:1 <s> has no type: write <s type='circle'>"]);
  });
});

test('a part that the guest does not get is kept, and said where it stands', () => {
  const field = record({limit: kept(attr('limit', integer())), deep: kept(child('deep', presence('x')))});
  const {value, problems} = read(field, "<x limit='1'><deep><x/></deep></x>");
  expect(value).toEqual({limit: 1, deep: true});
  expect(problems.map(problem => problem.slice(0, 36))).toEqual([
    "warning 1:4 attribute 'limit' of <x>",
    'warning 1:14 <deep> is kept in the d',
  ]);
});

test('what only a running domain has is no wish', () => {
  const field = record({id: whileLive(attr('id', integer()))});
  expect(read(field, "<x id='1'/>")).toEqual({value: {}, problems: []});
  expect(read(field, "<x id='1'/>", true).value).toEqual({id: 1});
});
