/** One option, its values in one spelling: JSON and `key=value` are the same. */
export interface CanonicalOption {
  readonly flag: string;
  readonly props: ReadonlyMap<string, string>;
}

/** What the first word of an option stands for. Source: QEMU 8.0, the `implied_opt_name` of each list. */
const FIRST_WORD: Readonly<Record<string, string>> = {
  '-accel': 'accel',
  '-audiodev': 'driver',
  '-blockdev': 'driver',
  '-chardev': 'backend',
  '-device': 'driver',
  '-fsdev': 'fsdriver',
  '-m': 'size',
  '-machine': 'type',
  '-netdev': 'type',
  '-numa': 'type',
  '-object': 'qom-type',
  '-smp': 'cpus',
  '-tpmdev': 'type',
  '-vnc': 'vnc',
};

/** Options whose value is no list of pairs. */
const PLAIN = new Set(['-append', '-kernel', '-initrd', '-uuid', '-bios', '-k', '-dtb']);

/** Reads the value of an option: JSON, pairs, or a word. */
export function parseOption(flag: string, value: string): CanonicalOption {
  if (value.startsWith('{'))
    return {flag, props: new Map(flatten('', JSON.parse(value.replace(/:(\d{16,})/g, ':"$1"'))))};
  if (PLAIN.has(flag)) return {flag, props: new Map([['', value]])};
  return {flag, props: new Map(splitCommas(value).map((part, index) => parsePair(part, index, flag)))};
}

function parsePair(part: string, index: number, flag: string): readonly [string, string] {
  const at = part.indexOf('=');
  if (at >= 0) return [part.slice(0, at), oneSpelling(part.slice(at + 1))];
  const word = index === 0 ? FIRST_WORD[flag] : undefined;
  // Elsewhere a bare word is the short form of a switch, as `unix` is of `unix=on`.
  return word === undefined ? [part, 'on'] : [word, oneSpelling(part)];
}

/** A doubled comma is one comma of the value. */
function splitCommas(value: string): readonly string[] {
  return value.split(/(?<!,),(?!,)/).map(part => part.replaceAll(',,', ','));
}

function flatten(prefix: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[prefix, oneSpelling(String(value))]];
  return Object.entries(value).flatMap(([key, part]) => flatten(prefix === '' ? key : `${prefix}.${key}`, part));
}

function oneSpelling(word: string): string {
  if (word === 'true' || word === 'yes') return 'on';
  return word === 'false' || word === 'no' ? 'off' : word;
}
