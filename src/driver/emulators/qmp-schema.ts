import {asArray, asString, isQmpObject, type QmpObject, type QmpValue} from '../../monitor/qmp-json.ts';

/** What is asked of an emulator's description of its own commands. */
export interface QmpSchema {
  /** The features of a command; none for one that it does not have. */
  featuresOf(command: string): readonly string[];
  /** Of a command with variants, e.g. `object-add`: the names of what each variant takes besides what all do. */
  variantsOf(command: string): ReadonlyMap<string, ReadonlySet<string>>;
  /** The kinds of one member of what a command takes, e.g. `backend` of `chardev-add`. */
  argumentKindsOf(command: string, member: string): readonly string[];
  /** What a command's answer can be: the kinds of an object with variants, the words of a list of words. */
  resultKindsOf(command: string): readonly string[];
}

/**
 * Reads `query-qmp-schema`: entities refer to each other by names that mean nothing.
 *
 * @param answer  undefined for an emulator that has no such command: it then has nothing
 * @see QEMU 7.2, qapi/introspect.json
 */
export function readSchema(answer: QmpValue | undefined): QmpSchema {
  const entities = new Map((asArray(answer) ?? []).filter(isQmpObject).map(entity => [asString(entity.name), entity]));
  const named = (name: QmpValue | undefined) => entities.get(asString(name));
  const argumentsOf = (command: string) => named(entities.get(command)?.['arg-type']);
  const kindsOf = (type: QmpObject | undefined): readonly string[] => {
    if (type?.['element-type'] !== undefined) return kindsOf(named(type['element-type']));
    if (type?.values !== undefined) return (asArray(type.values) ?? []).flatMap(word => asString(word) ?? []);
    return (asArray(type?.variants) ?? []).flatMap(variant => asString(isQmpObject(variant) ? variant.case : '') ?? []);
  };
  return {
    featuresOf: command => (asArray(entities.get(command)?.features) ?? []).flatMap(name => asString(name) ?? []),
    variantsOf: command => {
      const variants = (asArray(argumentsOf(command)?.variants) ?? []).filter(isQmpObject);
      return new Map(
        variants.map(variant => [asString(variant.case) ?? '', memberNames(entities.get(asString(variant.type)))]),
      );
    },
    argumentKindsOf: (command, member) => {
      const members = (asArray(argumentsOf(command)?.members) ?? []).filter(isQmpObject);
      return kindsOf(named(members.find(({name}) => name === member)?.type));
    },
    resultKindsOf: command => kindsOf(named(entities.get(command)?.['ret-type'])),
  };
}

function memberNames(entity: QmpObject | undefined): ReadonlySet<string> {
  const members = (asArray(entity?.members) ?? []).filter(isQmpObject);
  return new Set(members.flatMap(({name}) => asString(name) ?? []));
}
