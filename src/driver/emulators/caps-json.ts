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
import {decodeCpuExpansion, encodeCpuExpansion} from './cpu-expansion.ts';
import {decodeCpuModel, encodeCpuModel} from './cpu-models.ts';

const WHERE = 'the capability cache';

/** Capabilities as plain JSON, the inverse of `decodeCaps`. Devices stand by their buses: few words are read fast. */
export function encodeCaps(caps: EmulatorCaps): QmpObject {
  const {tcg, kvm} = caps.hostCpus ?? {};
  return {
    version: caps.version,
    arch: caps.arch,
    flags: [...caps.flags].join(' '),
    machines: caps.machines.map(machine => ({...machine})),
    cpuModels: caps.cpuModels.map(encodeCpuModel),
    ...(tcg === undefined ? {} : {tcgCpu: encodeCpuExpansion(tcg)}),
    ...(kvm === undefined ? {} : {kvmCpu: encodeCpuExpansion(kvm)}),
    devices: encodeDevices(caps),
    kvmBuiltIn: caps.kvmBuiltIn,
  };
}

/**
 * The inverse of `encodeCaps`. What most of it is, processors and devices, is made when somebody asks for it: whoever
 * lists thirty emulators does not.
 *
 * @throws {VirtError} INTERNAL_ERROR naming the first field that is not as `encodeCaps` writes it
 */
export function decodeCaps(value: QmpValue | undefined): EmulatorCaps {
  const of = isQmpObject(value) ? value : {};
  checkDetails(value);
  const flags = new Set(field(value, 'flags', asString, WHERE).split(' '));
  const cpuModels = once(() => field(value, 'cpuModels', asArray, WHERE).map(decodeCpuModel));
  const hostCpus = once(() => ({
    ...(of.tcgCpu === undefined ? {} : {tcg: decodeCpuExpansion(of.tcgCpu)}),
    ...(of.kvmCpu === undefined ? {} : {kvm: decodeCpuExpansion(of.kvmCpu)}),
  }));
  const placed = once(() => decodeDevices(of.devices));
  const hasBuses = Object.keys(isQmpObject(of.devices) ? of.devices : {}).some(bus => bus !== NO_BUS);
  const caps = {
    version: field(value, 'version', asString, WHERE),
    arch: field(value, 'arch', asString, WHERE),
    flags: new Set(EMULATOR_FLAGS.filter(flag => flags.has(flag))),
    machines: field(value, 'machines', asArray, WHERE).map(decodeMachine),
    get cpuModels() {
      return cpuModels();
    },
    get devices() {
      return placed().devices;
    },
    kvmBuiltIn: field(value, 'kvmBuiltIn', asBoolean, WHERE),
  };
  if (hasBuses) defineLazily(caps, 'deviceBuses', () => placed().buses);
  if (of.tcgCpu !== undefined || of.kvmCpu !== undefined) defineLazily(caps, 'hostCpus', hostCpus);
  return caps;
}

/** What is made later is looked at now, so that it can be made. @throws {VirtError} INTERNAL_ERROR */
function checkDetails(value: QmpValue | undefined): void {
  const of = isQmpObject(value) ? value : {};
  for (const model of field(value, 'cpuModels', asArray, WHERE)) field(model, 'name', asString, WHERE);
  for (const bus of Object.keys(isQmpObject(of.devices) ? of.devices : {})) field(of.devices, bus, asString, WHERE);
  for (const cpu of [of.tcgCpu, of.kvmCpu]) {
    if (cpu !== undefined) for (const name of ['name', 'on', 'stays']) field(cpu, name, asString, WHERE);
  }
}

function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | undefined;
  return () => {
    made ??= {value: make()};
    return made.value;
  };
}

function defineLazily(target: object, name: keyof EmulatorCaps, get: () => unknown): void {
  Object.defineProperty(target, name, {get, enumerable: true});
}

/** The bus of what sits on none. */
const NO_BUS = '';

function encodeDevices({devices, deviceBuses}: EmulatorCaps): QmpObject {
  const byBus = Object.groupBy([...devices].sort(), name => deviceBuses?.get(name) ?? NO_BUS);
  return Object.fromEntries(Object.entries(byBus).map(([bus, names = []]) => [bus, names.join(' ')]));
}

interface PlacedDevices {
  readonly devices: ReadonlySet<string>;
  readonly buses: ReadonlyMap<string, string>;
}

function decodeDevices(value: QmpValue | undefined): PlacedDevices {
  const buses = new Map<string, string>();
  const names: string[] = [];
  for (const bus of Object.keys(isQmpObject(value) ? value : {})) {
    for (const name of field(value, bus, asString, WHERE).split(' ')) {
      names.push(name);
      if (bus !== NO_BUS) buses.set(name, bus);
    }
  }
  return {devices: new Set(names.sort()), buses};
}

function decodeMachine(value: QmpValue): MachineInfo {
  const of = isQmpObject(value) ? value : {};
  const [aliasOf, defaultRamId, defaultCpu] = [of.aliasOf, of.defaultRamId, of.defaultCpu].map(asString);
  const [plugsCpus, numaMem] = [of.plugsCpus, of.numaMem].map(asBoolean);
  return {
    name: field(value, 'name', asString, WHERE),
    ...(aliasOf === undefined ? {} : {aliasOf}),
    isDefault: field(value, 'isDefault', asBoolean, WHERE),
    deprecated: field(value, 'deprecated', asBoolean, WHERE),
    maxCpus: field(value, 'maxCpus', asNumber, WHERE),
    ...(defaultRamId === undefined ? {} : {defaultRamId}),
    ...(defaultCpu === undefined ? {} : {defaultCpu}),
    ...(plugsCpus === undefined ? {} : {plugsCpus}),
    ...(numaMem === undefined ? {} : {numaMem}),
  };
}
