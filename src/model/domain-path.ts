import {VirtError} from '../base/virt-error.ts';

/** A file name may have 255 bytes on Linux; this much is kept free for endings such as `.xml` and those of temporary files. */
export const FILE_NAME_SUFFIX_BYTES = 32;

const MAX_BYTES = 255 - FILE_NAME_SUFFIX_BYTES;

/** Bytes that stand for themselves in a file name. */
const PLAIN = /^[A-Za-z0-9._+@=,-]$/;

/**
 * The file name that belongs to a domain: one component that can never be a path, an option or hidden.
 * Every byte but letters, digits and `._+@=,-` is written as `%XX`, and so is a `.` or `-` at the beginning. Two names
 * have the same file name only if they are the same.
 *
 * @throws {VirtError} INVALID_ARG for a name that is empty, no Unicode, or too long
 */
export function fileNameOf(domainName: string): string {
  const problem = fileNameProblem(domainName);
  if (problem !== undefined)
    throw new VirtError('INVALID_ARG', 'DOMAIN', problem, {hint: 'choose a shorter, plain name'});
  return encode(domainName);
}

/** Why no file can be named after a domain, as a sentence; undefined when one can. */
export function fileNameProblem(domainName: string): string | undefined {
  if (domainName === '') return 'the name of the domain is empty';
  if (!domainName.isWellFormed()) return 'the name of the domain is not valid Unicode';
  // The name itself is a bound from below: a huge one is not encoded to be counted.
  const bytes = domainName.length > MAX_BYTES ? domainName.length : encode(domainName).length;
  if (bytes <= MAX_BYTES) return undefined;
  const short = domainName.slice(0, 40);
  return `the name '${short}...' of the domain is too long: it takes ${bytes} bytes in a file name, ${MAX_BYTES} are allowed`;
}

/**
 * The domain that a file name belongs to.
 *
 * @returns undefined for a name that `fileNameOf` never makes, such as one that somebody put there
 */
export function domainNameOf(fileName: string): string | undefined {
  if (!/^(?:[A-Za-z0-9._+@=,-]|%[0-9A-F]{2})+$/.test(fileName)) return undefined;
  const bytes: number[] = [];
  for (const [part] of fileName.matchAll(/%..|./g)) {
    bytes.push(part.length === 1 ? part.charCodeAt(0) : Number.parseInt(part.slice(1), 16));
  }
  const name = decodeUtf8(Uint8Array.from(bytes));
  return name !== undefined && fileNameProblem(name) === undefined && encode(name) === fileName ? name : undefined;
}

function encode(domainName: string): string {
  let encoded = '';
  for (const [index, byte] of encodeUtf8(domainName).entries()) {
    const character = String.fromCharCode(byte);
    const first = index === 0 && (character === '.' || character === '-');
    encoded += PLAIN.test(character) && !first ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** UTF-8 without the encoder of the platform, which this layer does not have. */
function encodeUtf8(text: string): readonly number[] {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (const [part] of escaped.matchAll(/%..|./g)) {
    bytes.push(part.length === 1 ? part.charCodeAt(0) : Number.parseInt(part.slice(1), 16));
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  const escaped = Array.from(bytes, byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}
