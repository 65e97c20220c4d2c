import {expect, test} from 'vitest';
import {completeQmp, parseQmpSchema} from '../../src/app/qmp-words.ts';

const WORDS = parseQmpSchema([
  {'meta-type': 'command', name: 'stop', 'arg-type': '0'},
  {'meta-type': 'command', name: 'system_reset', 'arg-type': '0'},
  {'meta-type': 'command', name: 'eject', 'arg-type': '7'},
  {'meta-type': 'event', name: 'STOP', 'arg-type': '0'},
  {'meta-type': 'object', name: '0', members: []},
  {
    'meta-type': 'object',
    name: '7',
    members: [
      {name: 'id', type: 'str'},
      {name: 'force', type: 'bool', default: null},
    ],
    variants: [{case: 'x', type: '8'}],
  },
  {'meta-type': 'object', name: '8', members: [{name: 'filename', type: 'str'}]},
]);

test('reads commands and their arguments out of the schema, those of variants too', () => {
  expect([...WORDS]).toEqual([
    ['stop', []],
    ['system_reset', []],
    ['eject', ['filename', 'force', 'id']],
  ]);
});

test.each([
  ['{', '', ['{"execute":"'], ''],
  ['{"ex', '', ['{"execute":"'], ''],
  ['{"execute":"s', '{"execute":"', ['stop', 'system_reset'], '"'],
  ['{"execute" : "ej', '{"execute" : "', ['eject'], '"'],
  ['{"execute":"eject","arguments":{"f', '{"execute":"eject","arguments":{"', ['filename', 'force'], '":'],
  [
    '{"execute":"eject","arguments":{"force":true, "',
    '{"execute":"eject","arguments":{"force":true, "',
    ['filename', 'id'],
    '":',
  ],
  ['{"execute":"eject","arguments":{"x":{"f', '{"execute":"eject","arguments":{"x":{"f', [], ''],
  ['{"execute":"nope","arguments":{"', '{"execute":"nope","arguments":{"', [], '":'],
  ['{"execute":"stop"', '{"execute":"stop"', [], ''],
])('completes %s', (line, head, offers, suffix) => {
  expect(completeQmp(line, WORDS)).toEqual({head, offers, suffix});
});
