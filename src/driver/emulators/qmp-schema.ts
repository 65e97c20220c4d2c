import {asArray, asString, isQmpObject, type QmpObject, type QmpValue} from '../../monitor/qmp-json.ts';

/** What is asked of an emulator's description of its own commands. */
export interface QmpSchema {
  /** The features of a command; none for one that it does not have. */
  featuresOf(command: string): readonly string[];
  /** Of a command with variants, e.g. `object-add`: the names of what each variant takes besides what all do. */
  variantsOf(command: string): ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads `query-qmp-schema`: entities refer to each other by names that mean nothing.
 *
 * @param answer  undefined for an emulator that has no such command: it then has nothing
 * @see QEMU 7.2, qapi/introspect.json
 */
export function readSchema(answer: QmpValue | undefined): QmpSchema {
  const entities = new Map((asArray(answer) ?? []).filter(isQmpObject).map(entity => [asString(entity.name), entity]));
  const argumentsOf = (command: string) => entities.get(asString(entities.get(command)?.['arg-type']));
  return {
    featuresOf: command => (asArray(entities.get(command)?.features) ?? []).flatMap(name => asString(name) ?? []),
    variantsOf: command => {
      const variants = (asArray(argumentsOf(command)?.variants) ?? []).filter(isQmpObject);
      return new Map(
        variants.map(variant => [asString(variant.case) ?? '', memberNames(entities.get(asString(variant.type)))]),
      );
    },
  };
}

function memberNames(entity: QmpObject | undefined): ReadonlySet<string> {
  const members = (asArray(entity?.members) ?? []).filter(isQmpObject);
  return new Set(members.flatMap(({name}) => asString(name) ?? []));
}
