import {isX86} from '../../model/arch.ts';
import type {Accelerator, CpuModel} from '../../model/cpu/cpu-model.ts';
import {expandHostModel} from '../../model/cpu/expand-host-model.ts';
import {x86Models} from '../../model/cpu/x86-models.ts';
import {x86Vendor} from '../../model/cpu/x86-vendors.ts';
import type {CapsCpuModel, CapsHostModel, DomainCapabilities} from '../../model/domain-capabilities.ts';
import type {AcceleratorAnswers} from '../emulators/ask-accelerator.ts';

export interface CpuSurroundings {
  readonly arch: string;
  readonly accelerator: Accelerator;
  /** Of the emulator, asked without an accelerator of the host: for where it cannot be asked with it. */
  readonly cpuModels: readonly CpuModel[];
  /** Or why it could not be asked, a sentence without its end. */
  readonly answers: AcceleratorAnswers | string;
}

/** Names that stand for whatever there is. */
const STANDINS: readonly string[] = ['host', 'max', 'base'];

/** `EPYC-v2`, `power9_v2.0`: there is a name without the version. */
const VERSIONED = /(?:-v\d+|_v\d+(?:\.\d+)*)$/;

/**
 * Which processors domains can have.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsFillDomainCPUCaps
 */
export function cpuSupport(around: CpuSurroundings): DomainCapabilities['cpu'] {
  const {arch, accelerator, answers} = around;
  const models = typeof answers === 'string' ? around.cpuModels : answers.cpuModels;
  const hostModel = hostModelOf(around, models);
  return {
    hostPassthrough: accelerator === 'kvm',
    maximum: models.some(({name}) => name === 'max'),
    hostModel: typeof hostModel === 'string' ? undefined : hostModel,
    whyNoHostModel: typeof hostModel === 'string' ? hostModel : undefined,
    models: models
      .filter(({name}) => !VERSIONED.test(name) && name !== 'host' && !(isX86(arch) && STANDINS.includes(name)))
      .map(model => capsModel(model, arch, accelerator)),
  };
}

/** @returns or why there is none */
function hostModelOf({arch, answers}: CpuSurroundings, models: readonly CpuModel[]): CapsHostModel | string {
  if (typeof answers === 'string') return answers;
  if (!isX86(arch)) return `there are no named processors of ${arch} that others are like`;
  if (!answers.bestCpu) return 'the emulator does not say which processor it can give';
  const known = new Set(models.map(({name}) => name));
  const cpu = expandHostModel({mode: 'host-model'}, answers.bestCpu, name => known.has(name));
  if (cpu?.model?.name === undefined) return 'none of its models is like the processor that it can give';
  return {
    model: cpu.model.name,
    vendor: x86Vendor(answers.bestCpu.vendor),
    features: (cpu.features ?? [])
      .map(({name, policy}) => ({name, policy: policy === 'disable' ? ('disable' as const) : ('require' as const)}))
      .toSorted((a, b) => (a.policy === b.policy ? compare(a.name, b.name) : compare(b.policy, a.policy))),
  };
}

function capsModel({name, deprecated, lacks}: CpuModel, arch: string, accelerator: Accelerator): CapsCpuModel {
  const blockedBy = lacks[accelerator];
  return {
    name: arch.startsWith('ppc64') && /^power\d+$/.test(name) ? name.toUpperCase() : name,
    usable: blockedBy === undefined ? undefined : blockedBy.length === 0,
    blockedBy: blockedBy ?? [],
    deprecated,
    vendor: vendorOf(name, arch),
  };
}

function vendorOf(name: string, arch: string): string | undefined {
  if (arch.startsWith('ppc64')) return /^power/.test(name) ? 'IBM' : undefined;
  return isX86(arch) ? x86Vendor(x86Models().find(model => model.name === name)?.vendor) : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
