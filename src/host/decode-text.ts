import {decodeUtf8} from './decode-utf8.ts';

/** A text, or a sentence on why the bytes are none. */
export type Decoding = {readonly text: string} | {readonly why: string};

/** What a text may begin with. Source: Unicode 16, section 23.8, and XML 1.0, appendix F.1. */
const MARKS: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xff, 0xfe, 0, 0], 'utf-32'],
  [[0, 0, 0xfe, 0xff], 'utf-32'],
  [[0x3c, 0, 0, 0], 'utf-32'],
  [[0, 0, 0, 0x3c], 'utf-32'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0], 'utf-16le'],
  [[0, 0x3c], 'utf-16be'],
];

/** The encoding that an XML declaration names. */
const DECLARATION = /^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/;

const UTF8 = /^(?:utf-?8|us-ascii|ascii)$/i;
const WIDE = /^(?:utf-16|ucs-2|iso-10646)/i;

/**
 * Decodes bytes as XML does it: by the mark at the beginning, else by the encoding that the declaration names, else as
 * UTF-8. Nothing is replaced: what is no text is told. A mark is left out.
 */
export function decodeText(bytes: Uint8Array): Decoding {
  const marked = MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte))?.[1];
  const encoding = marked ?? DECLARATION.exec(latin1(bytes.subarray(0, 300)))?.[1] ?? 'utf-8';
  if (UTF8.test(encoding)) return decodeStrictly(bytes);
  const decoder = decoderOf(encoding);
  if (!decoder) return {why: `the encoding '${encoding}' is not read here: write the text in UTF-8`};
  if (WIDE.test(encoding) && !marked) return {why: `it says that it is in '${encoding}', and it is not`};
  try {
    return {text: decoder.decode(bytes)};
  } catch (error) {
    if (error instanceof TypeError) return {why: `it is not in '${encoding}', as it says`};
    throw error;
  }
}

function decodeStrictly(bytes: Uint8Array): Decoding {
  const decoded = decodeUtf8(bytes);
  if ('text' in decoded) return decoded;
  const byte = decoded.byte.toString(16).toUpperCase().padStart(2, '0');
  return {why: `line ${decoded.line}, byte ${decoded.column}: 0x${byte} is no UTF-8 there: this is no text`};
}

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(encoding, {fatal: true});
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a name that nobody knows
    throw error;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
