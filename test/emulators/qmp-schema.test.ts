import {expect, test} from 'vitest';
import {readSchema} from '../../src/driver/emulators/qmp-schema.ts';

const SCHEMA = [
  {name: 'device_add', 'meta-type': 'command', features: ['json-cli-hotplug']},
  {name: 'object-add', 'meta-type': 'command', 'arg-type': '7'},
  {
    name: '7',
    'meta-type': 'object',
    members: [{name: 'qom-type', type: '8'}],
    variants: [{case: 'iothread', type: '9'}],
  },
  {
    name: '9',
    'meta-type': 'object',
    members: [
      {name: 'poll-max-ns', type: 'int'},
      {name: 'thread-pool-min', type: 'int'},
    ],
  },
];

test('follows the names of a schema to what each kind of object takes', () => {
  const schema = readSchema(SCHEMA);
  expect(schema.featuresOf('device_add')).toEqual(['json-cli-hotplug']);
  expect(schema.variantsOf('object-add')).toEqual(new Map([['iothread', new Set(['poll-max-ns', 'thread-pool-min'])]]));
});

test('an emulator without a schema, or with another one, has nothing', () => {
  for (const answer of [undefined, [], [1, null, {name: 'object-add', 'arg-type': 'nowhere'}], 'text']) {
    expect(readSchema(answer).variantsOf('object-add').size).toBe(0);
    expect(readSchema(answer).featuresOf('device_add')).toEqual([]);
  }
});
