import type {EmulatorCaps, MachineInfo} from '../../model/capabilities.ts';
import {archOfTarget} from '../../model/emulator-arch.ts';
import {asArray, asBoolean, asNumber, asString, field, isQmpObject, type QmpValue} from '../../monitor/qmp-json.ts';
import {cpuExpansionOf, cpuPropertiesOf} from './cpu-expansion.ts';
import {cpuModelsOf} from './cpu-models.ts';
import {deviceBusesOf} from './device-buses.ts';
import {flagsOfAnswers} from './flags.ts';
import type {ProbeAnswers} from './qmp-rules.ts';
import {readSchema} from './qmp-schema.ts';

/** The answers of one emulator, by command; what it does not know is undefined. */
export interface RawAnswers {
  readonly version: QmpValue;
  readonly target: QmpValue;
  readonly machines: QmpValue;
  readonly deviceTypes: QmpValue;
  /** The abstract ones above them. */
  readonly deviceClasses?: QmpValue | undefined;
  readonly accelerators?: QmpValue | undefined;
  readonly commands: QmpValue;
  readonly options: QmpValue;
  readonly kvm?: QmpValue | undefined;
  readonly cpuModels?: QmpValue | undefined;
  /** What the model `max` is. */
  readonly bestCpu?: QmpValue | undefined;
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
  const flags = flagsOfAnswers(answers);
  const bestCpu = flags.has('tcg') ? cpuExpansionOf(raw.bestCpu) : undefined;
  return {
    version: decodeVersion(raw.version),
    arch: archOfTarget(field(raw.target, 'arch', asString, 'query-target')),
    flags,
    machines: decodeMachines(raw.machines, modelNames(raw.cpuModels)),
    cpuModels: cpuModelsOf(raw.cpuModels, flags.has('tcg') ? 'tcg' : undefined),
    ...(bestCpu === undefined ? {} : {hostCpus: {tcg: bestCpu}}),
    devices: new Set(namesIn(raw.deviceTypes, 'qom-list-types').toSorted()),
    deviceBuses: deviceBusesOf([...items(raw.deviceTypes), ...items(raw.deviceClasses)]),
    kvmBuiltIn: raw.kvm !== undefined && field(raw.kvm, 'present', asBoolean, 'query-kvm'),
  };
}

/** Boards with their aliases as entries of their own, sorted by name; `none` is not one. @throws {VirtError} INTERNAL_ERROR */
function decodeMachines(value: QmpValue, modelOfType: ReadonlyMap<string, string>): readonly MachineInfo[] {
  const where = 'query-machines';
  const machines = items(value).flatMap(item => {
    const name = field(item, 'name', asString, where);
    if (name === 'none') return [];
    const defaultRamId = optional(item, 'default-ram-id', asString);
    const cpuType = optional(item, 'default-cpu-type', asString);
    const defaultCpu = cpuType && (modelOfType.get(cpuType) ?? cpuType.replace(/-[a-z0-9_]+-cpu$/, ''));
    const plugsCpus = optional(item, 'hotpluggable-cpus', asBoolean);
    const numaMem = optional(item, 'numa-mem-supported', asBoolean);
    const machine: MachineInfo = {
      name,
      isDefault: optional(item, 'is-default', asBoolean) ?? false,
      deprecated: optional(item, 'deprecated', asBoolean) ?? false,
      maxCpus: field(item, 'cpu-max', asNumber, where),
      ...(defaultRamId === undefined ? {} : {defaultRamId}),
      ...(defaultCpu === undefined ? {} : {defaultCpu}),
      ...(plugsCpus === undefined ? {} : {plugsCpus}),
      ...(numaMem === undefined ? {} : {numaMem}),
    };
    const alias = optional(item, 'alias', asString);
    return alias === undefined ? [machine] : [machine, {...machine, name: alias, aliasOf: name}];
  });
  return machines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names of processors by their types, as `qemu64` of `qemu64-x86_64-cpu`. */
function modelNames(definitions: QmpValue | undefined): ReadonlyMap<string, string> {
  const pairs = items(definitions).map(item => [
    optional(item, 'typename', asString),
    optional(item, 'name', asString),
  ]);
  return new Map(pairs.flatMap(([type, name]) => (type === undefined || name === undefined ? [] : [[type, name]])));
}

function decodeProbeAnswers(raw: RawAnswers): ProbeAnswers {
  const options = items(raw.options).map(item => {
    const parameters = field(item, 'parameters', asArray, 'query-command-line-options');
    const names = new Set(parameters.map(parameter => field(parameter, 'name', asString, 'parameters')));
    return [field(item, 'option', asString, 'query-command-line-options'), names] as const;
  });
  const schema = readSchema(raw.schema);
  const accelerators = namesIn(raw.accelerators, 'qom-list-types').map(name => name.replace(/-accel$/, ''));
  return {
    accelerators: new Set(accelerators),
    commands: new Set(namesIn(raw.commands, 'query-commands')),
    options: new Map(options),
    machineProperties: new Set(raw.machineProperties.flatMap(list => namesIn(list, 'qom-list-properties'))),
    cpuProperties: new Set(cpuPropertiesOf(raw.bestCpu)),
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
