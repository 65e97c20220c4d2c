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
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainParseMemory, and domain_postparse.c, virDomainDefPostParseMemory
 */
export function parseMemory(domain: ElementReader): MemorySizes {
  const memory = domain.child('memory');
  const current = domain.child('currentMemory');
  const memoryKiB = memory && readSizeKiB(memory);
  if (!memory) domain.error("the domain has no memory: <memory unit='MiB'>512</memory> or the like is missing");
  else if (memoryKiB === 0n) memory.error('the memory is 0: the domain needs some');
  const currentKiB = (current && readSizeKiB(current)) ?? 0n;
  if (memoryKiB === undefined || currentKiB === 0n) {
    return {memoryKiB: memoryKiB ?? 0n, currentMemoryKiB: memoryKiB ?? 0n};
  }
  if (currentKiB > memoryKiB + FUDGE_KIB) {
    current?.error(`the current memory ${currentKiB} KiB exceeds the memory ${memoryKiB} KiB`);
  }
  return {memoryKiB, currentMemoryKiB: currentKiB > memoryKiB ? memoryKiB : currentKiB};
}
