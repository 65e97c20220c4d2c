import type {ElementReader} from '../xml/element-reader.ts';

/** What both memory elements come to, in KiB. */
export interface MemorySizes {
  readonly memoryKiB: bigint;
  readonly currentMemoryKiB: bigint;
}

const UNITS_HELP = "'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB' (of 1024), 'KB' to 'EB' (of 1000), 'b', 'bytes'";

/** libvirt computes in 64 bits of bytes. */
const MAX_BYTES = (1n << 64n) - 1n;

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
  const memoryKiB = parseSize(memory);
  if (!memory) domain.error("the domain has no memory: <memory unit='MiB'>512</memory> or the like is missing");
  else if (memoryKiB === 0n) memory.error('the memory is 0: the domain needs some');
  const currentKiB = parseSize(current) ?? 0n;
  if (memoryKiB === undefined || currentKiB === 0n) {
    return {memoryKiB: memoryKiB ?? 0n, currentMemoryKiB: memoryKiB ?? 0n};
  }
  if (currentKiB > memoryKiB + FUDGE_KIB) {
    current?.error(`the current memory ${currentKiB} KiB exceeds the memory ${memoryKiB} KiB`);
  }
  return {memoryKiB, currentMemoryKiB: currentKiB > memoryKiB ? memoryKiB : currentKiB};
}

function parseSize(reader: ElementReader | undefined): bigint | undefined {
  if (!reader) return undefined;
  const unit = reader.attribute('unit') ?? 'KiB';
  const scale = unitBytes(unit);
  if (scale === undefined)
    reader.error(`unknown unit '${unit}' of <${reader.name}>: the units are ${UNITS_HELP}`, 'unit');
  const digits = /^\+?\d{1,20}$/.test(reader.text);
  if (!digits) reader.error(`<${reader.name}> is '${reader.text}': it must be a whole number`);
  if (scale === undefined || !digits) return undefined;
  const bytes = BigInt(reader.text.replace('+', '')) * scale;
  if (bytes <= MAX_BYTES) return (bytes + 1023n) / 1024n;
  reader.error(`<${reader.name}> is ${reader.text} ${unit}: that is more than 64 bits of bytes`);
  return undefined;
}

/** Source: libvirt 9.0.0, src/util/virutil.c, virScaleInteger: case does not matter. */
function unitBytes(unit: string): bigint | undefined {
  const lower = unit.toLowerCase();
  if (lower === 'b' || lower === 'byte' || lower === 'bytes') return 1n;
  const match = /^([kmgtpe])(ib|b)?$/.exec(lower);
  if (!match) return undefined;
  const power = BigInt('kmgtpe'.indexOf(match[1] ?? '') + 1);
  return (match[2] === 'b' ? 1000n : 1024n) ** power;
}
