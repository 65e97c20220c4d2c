/** Formats whose header can be read here for the image below. */
export type ChainedFormat = 'qcow' | 'qcow2' | 'qed';

export function isChainedFormat(format: string): format is ChainedFormat {
  return format === 'qcow' || format === 'qcow2' || format === 'qed';
}

/** What an image says of the one below it. The bytes are outside text. */
export interface BackingName {
  readonly name: Uint8Array;
  /** As QEMU names it; absent where the image does not say it. */
  readonly format?: Uint8Array;
}

/** `short`: so many bytes from the beginning on are needed. `why` goes on from the image's name. */
export type ImageHeader =
  | {readonly is: 'read'; readonly below?: BackingName}
  | {readonly is: 'short'; readonly neededBytes: number}
  | {readonly is: 'corrupt'; readonly why: string};

/** Enough for the header of each format, and most names. */
export const FIRST_BYTES = 4096;

/** Source: QEMU 7.2, block/qcow2.c, qcow2_do_open; a name has to be in the first cluster, which has 2 MiB at most. */
const MAX_NAME_BYTES = 1023;
const MAX_FORMAT_BYTES = 15;
const MAX_HEADER_BYTES = 2 * 1024 * 1024;

/**
 * Reads in the header of an image what is below it.
 *
 * @param format  as the definition, or the image above, says it: an image is never asked for its format
 * @param bytes  the beginning of the image
 * @see QEMU 7.2, docs/interop/qcow2.txt, docs/interop/qed_spec.rst, block/qcow.c
 */
export function readImageHeader(format: ChainedFormat, bytes: Uint8Array): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'qcow2':
      return readQcow2(view);
    case 'qcow':
      return readQcow(view);
    case 'qed':
      return readQed(view);
  }
}

/** Whether the bytes begin as those of a format that may have an image below. */
export function looksChained(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 10));
  return ['QFI\xfb', 'QED\0', 'KDMV', 'COWD', '# Disk Des'].some(magic => start.startsWith(magic));
}

const QCOW_MAGIC = 0x51_46_49_fb;
const QCOW2_V2_HEADER_BYTES = 72;
const QCOW2_V3_HEADER_BYTES = 104;

function readQcow2(view: DataView): ImageHeader {
  if (view.byteLength < QCOW2_V2_HEADER_BYTES || view.getUint32(0) !== QCOW_MAGIC) return corrupt('is no qcow2 image');
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) return corrupt(`is of version ${version} of qcow2, and 2 and 3 are known`);
  const clusterBits = view.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21)
    return corrupt(`has clusters of 2^${clusterBits} bytes, and has 2^9 to 2^21`);
  const headerBytes = version === 2 ? QCOW2_V2_HEADER_BYTES : headerLength(view);
  const clusterBytes = 2 ** clusterBits;
  if (headerBytes === undefined || headerBytes > clusterBytes) return corrupt('has a header of no possible length');
  const place = placeOf(view.getBigUint64(8), view.getUint32(16), clusterBytes);
  if (place === undefined) return {is: 'read'};
  if ('why' in place) return {is: 'corrupt', why: place.why};
  if (place.end > view.byteLength) return {is: 'short', neededBytes: place.end};
  if (place.start < headerBytes) return corrupt('has the name of the image below in its header');
  const format = readExtensions(view, headerBytes, place.start);
  if (typeof format === 'string') return corrupt(format);
  const name = sliceOf(view, place.start, place.end);
  return {is: 'read', below: format === undefined ? {name} : {name, format}};
}

function headerLength(view: DataView): number | undefined {
  if (view.byteLength < QCOW2_V3_HEADER_BYTES) return undefined;
  const length = view.getUint32(100);
  return length >= QCOW2_V3_HEADER_BYTES ? length : undefined;
}

const END_OF_EXTENSIONS = 0;
const BACKING_FORMAT = 0xe2_79_2a_ca;

/** The format of the image below, from the extensions between header and name; or why they are none. */
function readExtensions(view: DataView, start: number, end: number): Uint8Array | string | undefined {
  let at = start;
  while (at + 8 <= end) {
    const [type, length] = [view.getUint32(at), view.getUint32(at + 4)];
    if (type === END_OF_EXTENSIONS) return undefined;
    if (length > end - at - 8) return 'has an extension of its header that is longer than the header';
    if (type === BACKING_FORMAT) {
      return length > MAX_FORMAT_BYTES ? 'names a format that is too long' : sliceOf(view, at + 8, at + 8 + length);
    }
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return undefined;
}

function readQcow(view: DataView): ImageHeader {
  if (view.byteLength < 20 || view.getUint32(0) !== QCOW_MAGIC || view.getUint32(4) !== 1)
    return corrupt('is no qcow image of version 1');
  return nameAt(view, placeOf(view.getBigUint64(8), view.getUint32(16), MAX_HEADER_BYTES));
}

const QED_MAGIC = 0x51_45_44_00;
const QED_HEADER_BYTES = 64;
const QED_HAS_BACKING = 1n;
/** The image below is raw, whatever its bytes say. */
const QED_NO_PROBE = 4n;

function readQed(view: DataView): ImageHeader {
  if (view.byteLength < QED_HEADER_BYTES || view.getUint32(0) !== QED_MAGIC) return corrupt('is no qed image');
  const features = view.getBigUint64(16, true);
  if ((features & QED_HAS_BACKING) === 0n) return {is: 'read'};
  const headerBytes = Math.min(view.getUint32(4, true) * view.getUint32(12, true), MAX_HEADER_BYTES);
  const header = nameAt(view, placeOf(BigInt(view.getUint32(56, true)), view.getUint32(60, true), headerBytes));
  if (header.is !== 'read' || !header.below || (features & QED_NO_PROBE) === 0n) return header;
  return {is: 'read', below: {...header.below, format: Uint8Array.of(0x72, 0x61, 0x77)}};
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where a name is; undefined for none. */
function placeOf(offset: bigint, bytes: number, limit: number): Place | {readonly why: string} | undefined {
  if (offset === 0n || bytes === 0) return undefined;
  if (bytes > MAX_NAME_BYTES)
    return {why: `has a name of ${bytes} bytes for the image below, and ${MAX_NAME_BYTES} is the most`};
  if (offset + BigInt(bytes) > BigInt(limit)) return {why: 'has the name of the image below behind its header'};
  return {start: Number(offset), end: Number(offset) + bytes};
}

function nameAt(view: DataView, place: ReturnType<typeof placeOf>): ImageHeader {
  if (place === undefined) return {is: 'read'};
  if ('why' in place) return corrupt(place.why);
  if (place.end > view.byteLength) return {is: 'short', neededBytes: place.end};
  return {is: 'read', below: {name: sliceOf(view, place.start, place.end)}};
}

function sliceOf(view: DataView, start: number, end: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, end - start).slice();
}

function corrupt(why: string): ImageHeader {
  return {is: 'corrupt', why};
}
