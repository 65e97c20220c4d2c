import type {Accelerator, CpuModel} from '../../model/cpu/cpu-model.ts';
import {
  asArray,
  asBoolean,
  asString,
  field,
  isQmpObject,
  type QmpObject,
  type QmpValue,
} from '../../monitor/qmp-json.ts';

/**
 * The models of an emulator, sorted by name.
 *
 * @param definitions  `query-cpu-definitions`; undefined where there is none
 * @param accelerator  what it was asked with; undefined when with none that runs guests
 * @throws {VirtError} INTERNAL_ERROR naming the field that cannot be read
 */
export function cpuModelsOf(
  definitions: QmpValue | undefined,
  accelerator: Accelerator | undefined,
): readonly CpuModel[] {
  const models = (asArray(definitions) ?? []).map(item => {
    const of = isQmpObject(item) ? item : {};
    const lacks = asArray(of['unavailable-features'])?.flatMap(feature => asString(feature) ?? []);
    const aliasOf = asString(of['alias-of']);
    return {
      name: field(item, 'name', asString, 'query-cpu-definitions'),
      ...(aliasOf === undefined ? {} : {aliasOf}),
      deprecated: asBoolean(of.deprecated) ?? false,
      lacks: lacks === undefined || accelerator === undefined ? {} : {[accelerator]: lacks},
    };
  });
  return models.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A model as plain JSON; a list is one text, which is read in a fraction of the time. */
export function encodeCpuModel({name, aliasOf, deprecated, lacks}: CpuModel): QmpObject {
  return {
    name,
    ...(aliasOf === undefined ? {} : {aliasOf}),
    ...(deprecated ? {deprecated} : {}),
    ...(lacks.tcg === undefined ? {} : {tcg: lacks.tcg.join(' ')}),
    ...(lacks.kvm === undefined ? {} : {kvm: lacks.kvm.join(' ')}),
  };
}

/** The inverse of `encodeCpuModel`. @throws {VirtError} INTERNAL_ERROR */
export function decodeCpuModel(value: QmpValue): CpuModel {
  const of = isQmpObject(value) ? value : {};
  const [aliasOf, tcg, kvm] = [of.aliasOf, of.tcg, of.kvm].map(asString);
  return {
    name: field(value, 'name', asString, 'the capability cache'),
    ...(aliasOf === undefined ? {} : {aliasOf}),
    deprecated: asBoolean(of.deprecated) ?? false,
    lacks: {...(tcg === undefined ? {} : {tcg: words(tcg)}), ...(kvm === undefined ? {} : {kvm: words(kvm)})},
  };
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}
