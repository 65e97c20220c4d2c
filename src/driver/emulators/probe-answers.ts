import type {EmulatorCaps, MachineInfo} from '../../model/capabilities.ts';
import {archOfTarget} from '../../model/emulator-arch.ts';
import {asArray, asBoolean, asNumber, asString, field, isQmpObject, type QmpValue} from '../../monitor/qmp-json.ts';
import {cpuModelsOf} from './cpu-models.ts';
import {flagsOfAnswers} from './flags.ts';
import type {ProbeAnswers} from './qmp-rules.ts';
import {readSchema} from './qmp-schema.ts';

/** The answers of one emulator, by command; what it does not know is undefined. */
export interface RawAnswers {
  readonly version: QmpValue;
  readonly target: QmpValue;
  readonly machines: QmpValue;
  readonly deviceTypes: QmpValue;
  readonly commands: QmpValue;
  readonly options: QmpValue;
  readonly kvm?: QmpValue | undefined;
  readonly cpuModels?: QmpValue | undefined;
  /** Of each class of boards that the emulator has. */
  readonly machineProperties: readonly (QmpValue | undefined)[];
  readonly schema?: QmpValue | undefined;
}

/**
 * Makes an emulator's capabilities of its answers.
 *
 * @throws {VirtError} INTERNAL_ERROR naming the field of an answer that cannot be read
 */
export function decodeAnswers(raw: RawAnswers): EmulatorCaps {
  const answers = decodeProbeAnswers(raw);
  return {
    version: decodeVersion(raw.version),
    arch: archOfTarget(field(raw.target, 'arch', asString, 'query-target')),
    flags: flagsOfAnswers(answers),
    machines: decodeMachines(raw.machines),
    cpuModels: cpuModelsOf(raw.cpuModels),
    devices: new Set(namesIn(raw.deviceTypes, 'qom-list-types').toSorted()),
    kvmBuiltIn: raw.kvm !== undefined && field(raw.kvm, 'present', asBoolean, 'query-kvm'),
  };
}

/** Boards with their aliases as entries of their own, sorted by name; `none` is not one. @throws {VirtError} INTERNAL_ERROR */
function decodeMachines(value: QmpValue): readonly MachineInfo[] {
  const where = 'query-machines';
  const machines = items(value).flatMap(item => {
    const name = field(item, 'name', asString, where);
    if (name === 'none') return [];
    const defaultRamId = optional(item, 'default-ram-id', asString);
    const machine = {
      name,
      isDefault: optional(item, 'is-default', asBoolean) ?? false,
      deprecated: optional(item, 'deprecated', asBoolean) ?? false,
      maxCpus: field(item, 'cpu-max', asNumber, where),
      ...(defaultRamId === undefined ? {} : {defaultRamId}),
    };
    const alias = optional(item, 'alias', asString);
    return alias === undefined ? [machine] : [machine, {...machine, name: alias, aliasOf: name}];
  });
  return machines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function decodeProbeAnswers(raw: RawAnswers): ProbeAnswers {
  const options = items(raw.options).map(item => {
    const parameters = field(item, 'parameters', asArray, 'query-command-line-options');
    const names = new Set(parameters.map(parameter => field(parameter, 'name', asString, 'parameters')));
    return [field(item, 'option', asString, 'query-command-line-options'), names] as const;
  });
  const schema = readSchema(raw.schema);
  return {
    commands: new Set(namesIn(raw.commands, 'query-commands')),
    options: new Map(options),
    machineProperties: new Set(raw.machineProperties.flatMap(list => namesIn(list, 'qom-list-properties'))),
    deviceAddFeatures: new Set(schema.featuresOf('device_add')),
    objectProperties: schema.variantsOf('object-add'),
    displays: new Set(schema.resultKindsOf('query-display-options')),
    chardevs: new Set(schema.argumentKindsOf('chardev-add', 'backend')),
    tpmBackends: new Set(schema.resultKindsOf('query-tpm-types')),
  };
}

function decodeVersion(value: QmpValue): string {
  const qemu = isQmpObject(value) ? value.qemu : undefined;
  return ['major', 'minor', 'micro'].map(part => field(qemu, part, asNumber, 'query-version')).join('.');
}

function namesIn(value: QmpValue | undefined, where: string): readonly string[] {
  return items(value).map(item => field(item, 'name', asString, where));
}

function items(value: QmpValue | undefined): readonly QmpValue[] {
  return asArray(value) ?? [];
}

function optional<T>(
  value: QmpValue | undefined,
  name: string,
  kind: (value: QmpValue | undefined) => T | undefined,
): T | undefined {
  return isQmpObject(value) ? kind(value[name]) : undefined;
}
