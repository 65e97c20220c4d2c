import {isPpc64} from '../../../model/arch.ts';
import type {MemoryDeviceDef} from '../../../model/devices/memory-device.ts';
import {type DomainDef, devicesOf} from '../../../model/domain-def.ts';

const KIB_PER_MIB = 1024n;
/** pSeries machines add and remove memory in blocks. */
const PSERIES_BLOCK_KIB = 256n * KIB_PER_MIB;
/** QEMU aligns a module to what the host may back it with. */
const MODULE_KIB = 2n * KIB_PER_MIB;

/** What the memory of a board and of its NUMA cells is rounded up to, KiB. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainGetMemorySizeAlignment. */
function boardUnitKiB({os}: DomainDef): bigint {
  return isPpc64(os.arch) ? PSERIES_BLOCK_KIB : KIB_PER_MIB;
}

function roundUp(value: bigint, unit: bigint): bigint {
  return ((value + unit - 1n) / unit) * unit;
}

/** The memory of a NUMA cell as the guest gets it, KiB. */
export function cellMemoryKiB(memoryKiB: bigint, def: DomainDef): bigint {
  return roundUp(memoryKiB, boardUnitKiB(def));
}

/**
 * The size of a module as the guest gets it, KiB. Of a non-volatile module on pSeries the label is no part of what is
 * rounded, and the file cannot grow.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainAlignMemorySizes and qemuDomainNVDimmAlignSizePseries
 */
export function moduleMemoryKiB({model, target}: MemoryDeviceDef, def: DomainDef): bigint {
  if (!isPpc64(def.os.arch)) return roundUp(target.sizeKiB, MODULE_KIB);
  if (model !== 'nvdimm') return roundUp(target.sizeKiB, PSERIES_BLOCK_KIB);
  const labelKiB = target.labelSizeKiB ?? 0n;
  return ((target.sizeKiB - labelKiB) / PSERIES_BLOCK_KIB) * PSERIES_BLOCK_KIB + labelKiB;
}

/**
 * What the guest has when it starts, KiB: the sum of its NUMA cells, or all of its memory but the modules.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainAlignMemorySizes
 */
export function initialMemoryKiB(def: DomainDef): bigint {
  const cells = def.cpu?.numa?.cells ?? [];
  if (cells.length > 0) return cells.reduce((sum, cell) => sum + cellMemoryKiB(cell.memoryKiB, def), 0n);
  const modules = devicesOf(def, 'memory').reduce((sum, {target}) => sum + target.sizeKiB, 0n);
  const own = def.memoryKiB > modules ? def.memoryKiB - modules : def.memoryKiB;
  return roundUp(own, boardUnitKiB(def));
}

/** Up to which size memory can be plugged in, KiB; undefined when the definition does not say. */
export function maximumMemoryKiB(def: DomainDef): bigint | undefined {
  return def.maxMemory && roundUp(def.maxMemory.sizeKiB, boardUnitKiB(def));
}
