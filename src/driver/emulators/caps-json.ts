import type {EmulatorCaps, MachineInfo} from '../../model/capabilities.ts';
import {EMULATOR_FLAGS} from '../../model/emulator-flags.ts';
import {
  asArray,
  asBoolean,
  asNumber,
  asString,
  field,
  isQmpObject,
  type QmpObject,
  type QmpValue,
} from '../../monitor/qmp-json.ts';
import {decodeCpuModel, encodeCpuModel} from './cpu-models.ts';

const WHERE = 'the capability cache';

/** Capabilities as plain JSON, the inverse of `decodeCaps`. */
export function encodeCaps(caps: EmulatorCaps): QmpObject {
  return {
    version: caps.version,
    arch: caps.arch,
    flags: [...caps.flags],
    machines: caps.machines.map(machine => ({...machine})),
    cpuModels: caps.cpuModels.map(encodeCpuModel),
    devices: [...caps.devices],
    kvmBuiltIn: caps.kvmBuiltIn,
  };
}

/** @throws {VirtError} INTERNAL_ERROR naming the first field that is not as `encodeCaps` writes it */
export function decodeCaps(value: QmpValue | undefined): EmulatorCaps {
  const flags = new Set(strings(value, 'flags'));
  return {
    version: field(value, 'version', asString, WHERE),
    arch: field(value, 'arch', asString, WHERE),
    flags: new Set(EMULATOR_FLAGS.filter(flag => flags.has(flag))),
    machines: field(value, 'machines', asArray, WHERE).map(decodeMachine),
    cpuModels: field(value, 'cpuModels', asArray, WHERE).map(decodeCpuModel),
    devices: new Set(strings(value, 'devices')),
    kvmBuiltIn: field(value, 'kvmBuiltIn', asBoolean, WHERE),
  };
}

function decodeMachine(value: QmpValue): MachineInfo {
  const aliasOf = isQmpObject(value) ? asString(value.aliasOf) : undefined;
  const defaultRamId = isQmpObject(value) ? asString(value.defaultRamId) : undefined;
  return {
    name: field(value, 'name', asString, WHERE),
    ...(aliasOf === undefined ? {} : {aliasOf}),
    isDefault: field(value, 'isDefault', asBoolean, WHERE),
    deprecated: field(value, 'deprecated', asBoolean, WHERE),
    maxCpus: field(value, 'maxCpus', asNumber, WHERE),
    ...(defaultRamId === undefined ? {} : {defaultRamId}),
  };
}

function strings(value: QmpValue | undefined, name: string): readonly string[] {
  return field(value, name, asArray, WHERE).map((_, index, list) =>
    field({item: list[index] ?? null}, 'item', asString, WHERE),
  );
}
