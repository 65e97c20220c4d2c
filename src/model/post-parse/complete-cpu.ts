import {isX86} from '../arch.ts';
import type {CpuDef} from '../domain/cpu.ts';
import type {DomainDef} from '../domain-def.ts';
import type {CompletionFacts} from './completion-facts.ts';

/**
 * The processor as it will be: the machine's usual one where none is named, and how it is checked.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDefSetDefaultCPU and qemuDomainDefCPUPostParse
 */
export function completeCpu(def: DomainDef, facts: CompletionFacts): DomainDef {
  const cpu = withModel(def, facts);
  return cpu ? {...def, cpu: withCheck(cpu, def, facts)} : def;
}

function withModel(def: DomainDef, facts: CompletionFacts): CpuDef | undefined {
  const {cpu} = def;
  const isNamed = cpu?.model !== undefined || (cpu?.mode !== undefined && cpu.mode !== 'custom');
  const name = isNamed ? undefined : facts.defaultCpu(def);
  if (name === undefined) return cpu;
  return {...cpu, mode: 'custom', match: 'exact', model: {fallback: 'forbid', name}};
}

function withCheck(cpu: CpuDef, def: DomainDef, facts: CompletionFacts): CpuDef {
  const {mode} = cpu;
  if (mode === undefined || (mode === 'custom' && cpu.model === undefined)) return cpu;
  const check = cpu.check ?? usualCheck(cpu, def, facts);
  const isHost = mode === 'host-passthrough' || mode === 'maximum';
  const usual = facts.hasMigratableHostCpu ? 'on' : isX86(def.os.arch) ? 'off' : undefined;
  const word = isHost ? (cpu.migratable ?? usual) : undefined;
  const migratable = word === undefined ? {} : {migratable: word};
  return {...cpu, check, ...migratable};
}

/** A host's processor needs no check; software emulation compares nothing with the host. */
function usualCheck({mode, model}: CpuDef, def: DomainDef, facts: CompletionFacts): NonNullable<CpuDef['check']> {
  if (mode === 'host-passthrough' || mode === 'maximum') return 'none';
  if (mode === 'host-model') return 'partial';
  const usable = def.type === 'qemu' || (model?.name !== undefined && facts.isCpuUsable(model.name));
  return usable ? 'none' : 'partial';
}
