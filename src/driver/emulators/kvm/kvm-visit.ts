import type {EmulatorCaps, KvmStatus} from '../../../model/capabilities.ts';
import type {CpuExpansion} from '../../../model/cpu/cpu-model.ts';
import {asBoolean, asString, field, isQmpObject, type QmpObject, type QmpValue} from '../../../monitor/qmp-json.ts';
import {decodeCpuExpansion, encodeCpuExpansion} from '../cpu-expansion.ts';

/** What was learnt of KVM by running a guest with one emulator. */
export interface KvmVisit {
  readonly status: KvmStatus;
  /** Of each processor model what KVM cannot give here; models that are not named are unknown. */
  readonly lacks: ReadonlyMap<string, readonly string[]>;
  /** What `-cpu host` is. */
  readonly hostCpu?: CpuExpansion;
}

/** The capabilities of an emulator with what was learnt of KVM, where it can be used. */
export function withKvm(caps: EmulatorCaps, {status, lacks, hostCpu}: KvmVisit): EmulatorCaps {
  if (!status.usable) return caps;
  return {
    ...caps,
    cpuModels: caps.cpuModels.map(model => {
      const kvm = lacks.get(model.name);
      return kvm === undefined ? model : {...model, lacks: {...model.lacks, kvm}};
    }),
    ...(hostCpu === undefined ? {} : {hostCpus: {...caps.hostCpus, kvm: hostCpu}}),
  };
}

/** A visit as plain JSON. */
export function encodeKvmVisit({status, lacks, hostCpu}: KvmVisit): QmpObject {
  return {
    ...(status.usable ? {usable: true, tried: status.tried === true} : {usable: false, why: status.why}),
    lacks: Object.fromEntries([...lacks].map(([model, features]) => [model, features.join(' ')])),
    ...(hostCpu === undefined ? {} : {hostCpu: encodeCpuExpansion(hostCpu)}),
  };
}

/** The inverse of `encodeKvmVisit`. @throws {VirtError} INTERNAL_ERROR */
export function decodeKvmVisit(value: QmpValue): KvmVisit {
  const where = 'the capability cache';
  const of = isQmpObject(value) ? value : {};
  const lacks = Object.entries(isQmpObject(of.lacks) ? of.lacks : {}).map(
    ([model, features]) => [model, (asString(features) ?? '').split(' ').filter(name => name !== '')] as const,
  );
  return {
    status: field(value, 'usable', asBoolean, where)
      ? {usable: true, ...(of.tried === true ? {tried: true} : {})}
      : {usable: false, why: field(value, 'why', asString, where)},
    lacks: new Map(lacks),
    ...(of.hostCpu === undefined ? {} : {hostCpu: decodeCpuExpansion(of.hostCpu)}),
  };
}
