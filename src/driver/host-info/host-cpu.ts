import type {HostTree} from '../../host/host-tree.ts';
import {nameProcessor} from '../../model/cpu/name-processor.ts';
import {x86Vendor} from '../../model/cpu/x86-vendors.ts';
import type {HostCpu} from '../../model/host-detail.ts';
import {x86Features} from './x86-features.ts';

/** What the kernel says of one processor, by the names of /proc/cpuinfo. */
export type CpuFacts = ReadonlyMap<string, string>;

/** Source: libvirt 9.0.0, src/cpu_map/arm_vendors.xml. */
const ARM_VENDORS: Readonly<Record<string, string>> = {
  '0x41': 'ARM',
  '0x42': 'Broadcom',
  '0x43': 'Cavium',
  '0x46': 'FUJITSU',
  '0x48': 'HiSilicon',
  '0x4e': 'NVIDIA',
  '0x50': 'APM',
  '0x51': 'Qualcomm',
  '0x56': 'Marvell',
  '0xc0': 'Ampere',
};

/** QEMU's names of ARM processors. Source: Linux 6.1, arch/arm64/include/asm/cputype.h. */
const ARM_MODELS: Readonly<Record<string, string>> = {
  '0x41 0xd03': 'cortex-a53',
  '0x41 0xd04': 'cortex-a35',
  '0x41 0xd05': 'cortex-a55',
  '0x41 0xd07': 'cortex-a57',
  '0x41 0xd08': 'cortex-a72',
  '0x41 0xd0b': 'cortex-a76',
  '0x41 0xd0c': 'neoverse-n1',
  '0x41 0xd40': 'neoverse-v1',
  '0x41 0xd49': 'neoverse-n2',
  '0x46 0x001': 'a64fx',
};

/** The first processor's part of /proc/cpuinfo is enough. */
export function readCpuFacts(tree: HostTree): CpuFacts {
  const facts = new Map<string, string>();
  for (const line of (tree.text('/proc/cpuinfo') ?? '').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (name !== '' && !facts.has(name)) facts.set(name, line.slice(colon + 1).trim());
  }
  return facts;
}

/**
 * The processor as the kernel describes it. Features that the kernel does not use it does not list.
 *
 * @param arch  as `uname -m` has it
 */
export function cpuOfKernel(facts: CpuFacts, arch: string): HostCpu {
  if (/^(x86_64|i[3-6]86)$/.test(arch)) return x86Cpu(facts);
  if (/^(aarch64|arm)/.test(arch)) return armCpu(facts);
  if (arch.startsWith('ppc')) return powerCpu(facts);
  return {features: [], source: 'the kernel'};
}

function x86Cpu(facts: CpuFacts): HostCpu {
  const vendorId = facts.get('vendor_id') ?? '';
  const vendor = x86Vendor(vendorId);
  const flags = words(facts.get('flags'));
  const [family, model, stepping] = ['cpu family', 'model', 'stepping'].map(name => wholeNumber(facts.get(name)));
  const microcode = wholeNumber(facts.get('microcode'));
  const bits = wholeNumber(/^(\d+) bits physical/.exec(facts.get('address sizes') ?? '')?.[1]);
  const tsc = timeStampCounter(facts, flags);
  const features = x86Features(flags, vendor);
  const named = nameProcessor({vendorId, family, model, features});
  return {
    ...(vendor === undefined ? {} : {vendor}),
    ...(microcode ? {microcode} : {}),
    ...(family && model !== undefined ? {signature: {family, model, stepping: stepping ?? 0}} : {}),
    ...(tsc === undefined ? {} : {tsc}),
    ...(bits ? {physicalAddressBits: bits} : {}),
    ...(named ?? {features}),
    source: 'the kernel',
  };
}

/**
 * `bogomips` is twice the counter's frequency in MHz, where that is constant, with two decimals: it is right to 5 kHz.
 * Source: Linux 6.1, arch/x86/kernel/tsc.c, tsc_init (lpj_fine), and init/calibrate.c.
 */
function timeStampCounter(facts: CpuFacts, flags: readonly string[]): HostCpu['tsc'] {
  const bogomips = Number(facts.get('bogomips') ?? Number.NaN);
  if (!flags.includes('constant_tsc') || !(bogomips > 0)) return undefined;
  const scaling = flags.includes('tsc_scale') || words(facts.get('vmx flags')).includes('tsc_scaling');
  return {frequencyHz: Math.round(bogomips * 100) * 5000, scaling};
}

function armCpu(facts: CpuFacts): HostCpu {
  const implementer = facts.get('CPU implementer')?.toLowerCase() ?? '';
  const model = ARM_MODELS[`${implementer} ${facts.get('CPU part')?.toLowerCase() ?? ''}`];
  const vendor = ARM_VENDORS[implementer];
  return {
    ...(model === undefined ? {} : {model}),
    ...(vendor === undefined ? {} : {vendor}),
    features: words(facts.get('Features')),
    source: 'the kernel',
  };
}

/** `POWER9 (architected), altivec supported`. */
function powerCpu(facts: CpuFacts): HostCpu {
  const model = /^POWER\d+/.exec(facts.get('cpu') ?? '')?.[0];
  return {...(model === undefined ? {} : {model, vendor: 'IBM'}), features: [], source: 'the kernel'};
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/).filter(Boolean);
}

/** Decimal, or hexadecimal behind `0x`. */
function wholeNumber(text: string | undefined): number | undefined {
  const number = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
