import {isX86} from '../../model/arch.ts';
import type {Accelerator, CpuModel} from '../../model/cpu/cpu-model.ts';
import type {ExpandedCpu} from '../../model/cpu/expanded-cpu.ts';
import type {SevCapability, SgxCapability} from '../../model/domain-capabilities.ts';
import {asArray, asBoolean, asNumber, isQmpObject, type QmpObject, type QmpValue} from '../../monitor/qmp-json.ts';
import {BEST_MODELS, expandedCpuFrom} from './ask-host-cpu.ts';
import {cpuModelsOf} from './cpu-models.ts';
import {talkToEmulator} from './talk-to-emulator.ts';
import {unlessRefused} from './unless-refused.ts';

/** What an emulator says it can do with one accelerator on this host. */
export interface AcceleratorAnswers {
  readonly cpuModels: readonly CpuModel[];
  /** The best processor that it gives; undefined where it does not say. */
  readonly bestCpu: ExpandedCpu | undefined;
  /** libvirt's names of what a guest may see of Hyper-V, in libvirt's order. */
  readonly hyperv: readonly string[];
  /** Of interrupt controllers of an ARM board. */
  readonly gicVersions: readonly number[];
  readonly sev: SevCapability | undefined;
  readonly sgx: SgxCapability | undefined;
}

/** Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainHyperv. */
const HYPERV = [
  ...['relaxed', 'vapic', 'spinlocks', 'vpindex', 'runtime', 'synic', 'stimer', 'reset', 'vendor_id', 'frequencies'],
  ...['reenlightenment', 'tlbflush', 'ipi', 'evmcs', 'avic'],
];

/**
 * Asks an emulator what it can do with an accelerator on this host.
 *
 * @returns or a sentence without its end that says why it does not tell
 * @see QEMU 7.2, qapi/machine-target.json and qapi/misc-target.json
 */
export function askAccelerator(
  path: string,
  arch: string,
  accelerator: Accelerator,
): Promise<AcceleratorAnswers | string> {
  return talkToEmulator(path, accelerator, async ask => {
    const askIfKnown = (command: string, args?: QmpObject) => unlessRefused(ask(command, args));
    const [definitions, best, hyperv, gic, sev, sgx] = await Promise.all([
      askIfKnown('query-cpu-definitions'),
      askIfKnown('query-cpu-model-expansion', {type: 'static', model: {name: BEST_MODELS[accelerator]}}),
      isX86(arch) && accelerator === 'kvm' ? askIfKnown('query-cpu-model-expansion', HYPERV_QUESTION) : undefined,
      askIfKnown('query-gic-capabilities'),
      isX86(arch) ? askIfKnown('query-sev-capabilities') : undefined,
      isX86(arch) ? askIfKnown('query-sgx-capabilities') : undefined,
    ]);
    return {
      cpuModels: cpuModelsOf(definitions, accelerator),
      bestCpu: best === undefined ? undefined : expandedCpuFrom(best, definitions),
      hyperv: hypervOf(hyperv),
      gicVersions: gicVersionsOf(gic, accelerator),
      sev: sevOf(sev),
      sgx: sgxOf(sgx),
    };
  });
}

/** Everything that KVM has of it here. */
const HYPERV_QUESTION = {type: 'full', model: {name: BEST_MODELS.kvm, props: {'hv-passthrough': true}}};

/** What is on, and what has a number or a name. */
function hypervOf(answer: QmpValue | undefined): readonly string[] {
  const model = isQmpObject(answer) ? answer.model : undefined;
  const props = isQmpObject(model) && isQmpObject(model.props) ? model.props : {};
  return HYPERV.filter(name => {
    const value = props[`hv-${name.replaceAll('_', '-')}`];
    return value !== undefined && value !== false;
  });
}

function gicVersionsOf(answer: QmpValue | undefined, accelerator: Accelerator): readonly number[] {
  const key = accelerator === 'kvm' ? 'kernel' : 'emulated';
  const usable = (asArray(answer) ?? []).filter(isQmpObject).filter(item => asBoolean(item[key]) === true);
  return usable.flatMap(item => asNumber(item.version) ?? []).sort((a, b) => a - b);
}

function sevOf(answer: QmpValue | undefined): SevCapability | undefined {
  const of = isQmpObject(answer) ? answer : {};
  const [cbitpos, reducedPhysBits] = [asNumber(of.cbitpos), asNumber(of['reduced-phys-bits'])];
  return cbitpos === undefined || reducedPhysBits === undefined ? undefined : {cbitpos, reducedPhysBits};
}

function sgxOf(answer: QmpValue | undefined): SgxCapability | undefined {
  if (!isQmpObject(answer) || asBoolean(answer.sgx) !== true) return undefined;
  const has = (name: string) => asBoolean(answer[name]) === true;
  const sections = (asArray(answer.sections) ?? []).filter(isQmpObject).map(({node, size}) => ({
    node: asNumber(node) ?? 0,
    sizeKiB: Math.floor((asNumber(size) ?? 0) / 1024),
  }));
  return {flc: has('flc'), sgx1: has('sgx1'), sgx2: has('sgx2'), sections};
}
