import type {EmulatorCaps} from '../../model/capabilities.ts';
import {formatNodeSet} from '../../model/fields/node-set.ts';
import {jsonArg, type OptionValue, type QemuArg} from './qemu-arg.ts';

/** A property of an object; a list of numbers is a set of nodes or processors, ascending. */
export type ObjectProperty = OptionValue | readonly number[];
export type ObjectProperties = {readonly [name: string]: ObjectProperty | undefined};

/**
 * `-object`: as JSON where the emulator takes it, since QEMU 6.0, else as pairs.
 *
 * @param properties  those that are undefined are left out; a size must be a whole number of KiB, so that JSON has it exactly
 */
export function objectArg(type: string, id: string, properties: ObjectProperties, caps: EmulatorCaps): QemuArg {
  const given = Object.entries(properties).filter((entry): entry is [string, ObjectProperty] => entry[1] !== undefined);
  if (caps.flags.has('object-json')) {
    const members = given.map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value] as const);
    return jsonArg('-object', {'qom-type': type, id, ...Object.fromEntries(members)});
  }
  const pairs = given.flatMap(([name, value]) => pairsOf(name, value));
  return {kind: 'options', flag: '-object', implied: {key: 'qom-type', value: type}, options: [['id', id], ...pairs]};
}

/** A list is written as one pair for each run of numbers. */
function pairsOf(name: string, value: ObjectProperty): readonly (readonly [string, OptionValue])[] {
  if (typeof value !== 'object') return [[name, value]];
  return formatNodeSet(value)
    .split(',')
    .map(run => [name, run] as const);
}
