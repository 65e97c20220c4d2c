import {readSizeKiB} from '../fields/size.ts';
import type {ElementReader} from '../xml/element-reader.ts';

/** What both memory elements come to, in KiB. */
export interface MemorySizes {
  readonly memoryKiB: bigint;
  readonly currentMemoryKiB: bigint;
}

/** A `currentMemory` above `memory` by less than this is a rounding of older versions, not a mistake. */
const FUDGE_KIB = 4096n;

/**
 * Reads `<memory>` and `<currentMemory>`; without a unit they are KiB, and what is no whole KiB is rounded up.
 * A domain with NUMA cells need not say its memory: it is that of the cells and of the modules that are plugged in.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainParseMemory, and domain_postparse.c, virDomainDefPostParseMemory
 */
export function parseMemory(domain: ElementReader): MemorySizes {
  const memory = domain.child('memory');
  const current = domain.child('currentMemory');
  const memoryKiB = memory ? readSizeKiB(memory) : sumOfParts(domain);
  if (!memory && memoryKiB === undefined)
    domain.error("the domain has no memory: <memory unit='MiB'>512</memory> or the like is missing");
  else if (memoryKiB === 0n) (memory ?? domain).error('the memory is 0: the domain needs some');
  const currentKiB = (current && readSizeKiB(current)) ?? 0n;
  if (memoryKiB === undefined || currentKiB === 0n) {
    return {memoryKiB: memoryKiB ?? 0n, currentMemoryKiB: memoryKiB ?? 0n};
  }
  if (currentKiB > memoryKiB + FUDGE_KIB) {
    current?.warn(`the current memory ${currentKiB} KiB exceeds the memory ${memoryKiB} KiB, which counts`);
  }
  return {memoryKiB, currentMemoryKiB: currentKiB > memoryKiB ? memoryKiB : currentKiB};
}

/** Undefined without NUMA cells; what is wrong in them is told where they are read. */
function sumOfParts(domain: ElementReader): bigint | undefined {
  const cells = domain.child('cpu')?.child('numa')?.children('cell') ?? [];
  if (cells.length === 0) return undefined;
  const modules = domain.child('devices')?.children('memory') ?? [];
  const sizes = [
    ...cells.map(cell => sizeOf(cell, 'memory')),
    ...modules.map(module => sizeOf(module.child('target')?.child('size'))),
  ];
  return sizes.reduce((sum, size) => sum + size, 0n);
}

function sizeOf(reader: ElementReader | undefined, attribute?: string): bigint {
  const isGiven = reader && (attribute === undefined || reader.attribute(attribute) !== undefined);
  return (isGiven && readSizeKiB(reader, attribute)) || 0n;
}
