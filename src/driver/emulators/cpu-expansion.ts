import type {CpuExpansion} from '../../model/cpu/cpu-model.ts';
import type {CpuProperty} from '../../model/cpu/expanded-cpu.ts';
import {asString, field, isQmpObject, type QmpObject, type QmpValue} from '../../monitor/qmp-json.ts';

/** Of the properties that are not on or off, those that tell the make of a PC's processor. */
const MAKE = ['family', 'model', 'model-id', 'stepping', 'vendor'];

/**
 * Reads an expanded model.
 *
 * @param answer  `query-cpu-model-expansion`; undefined where QEMU does not expand it
 * @param unbound  the same, asked for a guest that need not move to another host: what only that one has cannot move
 * @throws {VirtError} INTERNAL_ERROR naming the field that cannot be read
 */
export function cpuExpansionOf(answer: QmpValue | undefined, unbound?: QmpValue): CpuExpansion | undefined {
  if (answer === undefined) return undefined;
  const movable = onOrMade(answer);
  const all = unbound === undefined ? movable : onOrMade(unbound);
  const properties = [...all].map(([name, value]): [string, CpuProperty] => [
    name,
    movable.has(name) ? {value} : {value, migratable: false},
  ]);
  return {name: nameOf(answer), properties: new Map(properties)};
}

function nameOf(answer: QmpValue): string {
  return field(isQmpObject(answer) ? answer.model : undefined, 'name', asString, 'query-cpu-model-expansion');
}

/** The names of all properties of an expanded model, on or off. */
export function cpuPropertiesOf(answer: QmpValue | undefined): readonly string[] {
  return Object.keys(propsOf(answer));
}

function propsOf(answer: QmpValue | undefined): QmpObject {
  const model = isQmpObject(answer) ? answer.model : undefined;
  return isQmpObject(model) && isQmpObject(model.props) ? model.props : {};
}

function onOrMade(answer: QmpValue): ReadonlyMap<string, CpuProperty['value']> {
  return new Map(
    Object.entries(propsOf(answer)).flatMap(([name, value]): [string, CpuProperty['value']][] => {
      if (value === true) return [[name, value]];
      return MAKE.includes(name) && (typeof value === 'string' || typeof value === 'number') ? [[name, value]] : [];
    }),
  );
}

/** An expansion as plain JSON: what is on as two texts, what can move and what cannot. */
export function encodeCpuExpansion({name, properties}: CpuExpansion): QmpObject {
  const on = [...properties].filter(([, {value}]) => value === true);
  const made = [...properties].flatMap(([key, {value}]) => (value === true || value === false ? [] : [[key, value]]));
  return {
    name,
    on: namesOf(on.filter(([, {migratable}]) => migratable !== false)),
    stays: namesOf(on.filter(([, {migratable}]) => migratable === false)),
    made: Object.fromEntries(made),
  };
}

/** The inverse of `encodeCpuExpansion`. @throws {VirtError} INTERNAL_ERROR */
export function decodeCpuExpansion(value: QmpValue): CpuExpansion {
  const text = (name: string) => field(value, name, asString, 'the capability cache');
  const made = isQmpObject(value) && isQmpObject(value.made) ? value.made : {};
  const properties: [string, CpuProperty][] = [
    ...words(text('on')).map((name): [string, CpuProperty] => [name, {value: true}]),
    ...words(text('stays')).map((name): [string, CpuProperty] => [name, {value: true, migratable: false}]),
  ];
  for (const [name, own] of Object.entries(made)) {
    if (typeof own === 'string' || typeof own === 'number') properties.push([name, {value: own}]);
  }
  return {name: text('name'), properties: new Map(properties)};
}

function namesOf(properties: readonly (readonly [string, CpuProperty])[]): string {
  return properties.map(([name]) => name).join(' ');
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}
