/** A value that is written as one word or text: how it is read and how it is printed. */
export interface Scalar<T> {
  /** Undefined for a text that is no such value. */
  parse(text: string): T | undefined;
  print(value: T): string;
  /** What would be one, as it stands after `must be`, e.g. `one of 'yes', 'no'`. */
  readonly expected: string;
  /** How libvirt's schema wants it written, where its parser takes more. */
  readonly schema?: WrittenForm;
  /** What is to be said about a value that is taken, as a sentence. */
  doubt?(value: T): string | undefined;
}

/** A stricter form of a value; `expected` stands after `must be`. */
export interface WrittenForm {
  readonly accepts: (value: string) => boolean;
  readonly expected: string;
}

/** A value that libvirt's schema wants written in another way than its parser reads. */
export function written<T>(
  scalar: Scalar<T>,
  accepts: RegExp | ((value: string) => boolean),
  expected: string,
): Scalar<T> {
  return {
    ...scalar,
    schema: {accepts: accepts instanceof RegExp ? value => accepts.test(value) : accepts, expected},
  };
}

/** Any text that is not empty. */
export const text: Scalar<string> = {
  parse: value => (value === '' ? undefined : value),
  print: value => value,
  expected: 'a text that is not empty',
};

/** Any text, also an empty one. */
export const anyText: Scalar<string> = {parse: value => value, print: value => value, expected: 'a text'};

/** A word of a closed list. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Scalar<Word> {
  return {
    parse: value => words.find(word => word === value),
    print: value => value,
    expected: `one of ${words.map(word => `'${word}'`).join(', ')}`,
  };
}

function twoWords(yes: string, no: string): Scalar<boolean> {
  return {
    parse: value => (value === yes ? true : value === no ? false : undefined),
    print: value => (value ? yes : no),
    expected: `one of '${yes}', '${no}'`,
  };
}

/** libvirt's tristate bool. */
export const yesNo: Scalar<boolean> = twoWords('yes', 'no');

/** libvirt's tristate switch. */
export const onOff: Scalar<boolean> = twoWords('on', 'off');

const DECIMAL = /^[0-9]+$/;
const SIGNED = /^[+-]?[0-9]+$/;

/** A whole number in a range, printed in decimal; hexadecimal with `0x` is read too, but not where the schema counts. */
export function integer(min = 0, max: number = 2 ** 32 - 1): Scalar<number> {
  return written(anyInteger(min, max), min < 0 ? SIGNED : DECIMAL, `a decimal number from ${min} to ${max}`);
}

/** A whole number in a range, printed in decimal, and written in hexadecimal as well. */
export function anyInteger(min: number, max: number): Scalar<number> {
  return {
    parse: value => inRange(parseWhole(value), min, max),
    print: String,
    expected: `a whole number from ${min} to ${max}`,
  };
}

/** A whole number of which the schema knows a narrower range than the parser. */
export function within(scalar: Scalar<number>, min: number, max: number): Scalar<number> {
  const accepts = (value: string) => DECIMAL.test(value) && Number(value) >= min && Number(value) <= max;
  return written(scalar, accepts, `a decimal number from ${min} to ${max}`);
}

/** A whole number that is printed in hexadecimal with at least so many digits. */
export function hex(digits: number, max: number): Scalar<number> {
  const most = max.toString(16).length;
  return written(
    {
      parse: value => inRange(parseWhole(value), 0, max),
      print: value => `0x${value.toString(16).padStart(digits, '0')}`,
      expected: `a number from 0 to 0x${max.toString(16)}`,
    },
    new RegExp(`^(?:0x[0-9A-Fa-f]{1,${most}}|[0-9]+)$`),
    `a number of at most ${most} hexadecimal digits`,
  );
}

/** A whole number of up to 64 bits. */
export const big: Scalar<bigint> = written(
  {
    parse: value => bounded(parseBig(value)),
    print: String,
    expected: 'a whole number of at most 64 bits',
  },
  DECIMAL,
  'a decimal number of at most 64 bits',
);

/** The same, printed in hexadecimal. */
export const bigHex: Scalar<bigint> = written(
  {...big, print: value => `0x${value.toString(16)}`},
  /^(?:0x)?[0-9a-f]+$/,
  'a hexadecimal number in small letters',
);

const MAX_64 = (1n << 64n) - 1n;

function bounded(value: bigint | undefined): bigint | undefined {
  return value !== undefined && value <= MAX_64 ? value : undefined;
}

function parseBig(value: string): bigint | undefined {
  return /^\+?(?:\d{1,20}|0x[0-9A-Fa-f]{1,16})$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
}

function parseWhole(value: string): number | undefined {
  return /^[+-]?(?:\d{1,15}|0x[0-9A-Fa-f]{1,12})$/.test(value.trim()) ? Number(value) : undefined;
}

function inRange(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

/** A text that follows a pattern. */
export function matching(pattern: RegExp, expected: string): Scalar<string> {
  return {parse: value => (pattern.test(value) ? value : undefined), print: value => value, expected};
}

/** An absolute path of a file, as libvirt's schema has it. */
export const absolutePathText: Scalar<string> = matching(/^\/[^\n\r]+$/, "an absolute path: begin it with '/'");

/** A text of which every value has one way in which it is printed. */
export function normalised(normalise: (value: string) => string | undefined, expected: string): Scalar<string> {
  return {parse: normalise, print: value => value, expected};
}
