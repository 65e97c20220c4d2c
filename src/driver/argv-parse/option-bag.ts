/** One part of an option's value; without a value it is a flag like `server`. */
export interface OptionPair {
  readonly key: string;
  readonly value: string | undefined;
  /** As it was written. */
  readonly text: string;
  /** Of a value in JSON. */
  readonly type?: 'string' | 'number' | 'bool' | 'null';
}

const YES = ['on', 'yes', 'true', 'y'];
const NO = ['off', 'no', 'false', 'n'];

/** The parts of an option's value. What is taken is understood; what remains at the end has no word in the XML. */
export class OptionBag {
  readonly #pairs: readonly OptionPair[];
  readonly #taken = new Set<OptionPair>();

  constructor(pairs: readonly OptionPair[]) {
    this.#pairs = pairs;
  }

  /** The same pairs, of which nothing is taken. */
  copy(): OptionBag {
    return new OptionBag(this.#pairs);
  }

  /** Takes all pairs below a key, e.g. `file.driver` and `file.filename` of `file`, as a bag of their own. */
  takeUnder(key: string): OptionBag {
    const below = this.rest.filter(pair => pair.key.startsWith(`${key}.`));
    for (const pair of below) this.#taken.add(pair);
    return new OptionBag(below.map(pair => ({...pair, key: pair.key.slice(key.length + 1)})));
  }

  /** Takes a `null` of JSON; false where there is none. */
  takeNull(key: string): boolean {
    const found = this.#pairs.find(pair => pair.key === key && pair.type === 'null');
    if (found) this.#taken.add(found);
    return found !== undefined;
  }

  /** The value of a key without taking it; the last one counts, as in QEMU. */
  peek(key: string): string | undefined {
    return this.#pairs.findLast(pair => pair.key === key)?.value;
  }

  /** The value of the first of these keys that is there. */
  take(...keys: readonly string[]): string | undefined {
    const found = this.takeAll(...keys);
    return found.at(-1);
  }

  /** All values of these keys, in order. */
  takeAll(...keys: readonly string[]): readonly string[] {
    const found = this.#pairs.filter(({key, value}) => keys.includes(key) && value !== undefined);
    for (const pair of found) this.#taken.add(pair);
    return found.flatMap(({value}) => value ?? []);
  }

  /** A value that is one of some words; another one stays. */
  takeWord<const Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.peek(key);
    const word = words.find(candidate => candidate === value);
    if (word !== undefined) this.take(key);
    return word;
  }

  /** A switch: `key=on`, `key` or `nokey`; undefined when it is not there or says something else. */
  takeSwitch(key: string): boolean | undefined {
    const flag = this.#pairs.findLast(
      pair => pair.key === key || (pair.key === `no${key}` && pair.value === undefined),
    );
    if (!flag) return undefined;
    const on = flag.value === undefined ? flag.key === key : YES.includes(flag.value);
    const off = flag.value === undefined ? flag.key !== key : NO.includes(flag.value);
    if (!on && !off) return undefined;
    for (const pair of this.#pairs) if (pair.key === flag.key) this.#taken.add(pair);
    return on;
  }

  /** A whole number, also a hexadecimal one; another value stays. */
  takeNumber(key: string): number | undefined {
    const value = this.peek(key);
    if (value === undefined || !/^(?:\d{1,15}|0x[0-9A-Fa-f]{1,12})$/.test(value)) return undefined;
    this.take(key);
    return Number(value);
  }

  /** The same of any size. */
  takeBig(key: string): bigint | undefined {
    const value = this.peek(key);
    if (value === undefined || !/^(?:\d{1,20}|0x[0-9A-Fa-f]{1,16})$/.test(value)) return undefined;
    this.take(key);
    return BigInt(value);
  }

  /** Takes what is known and needs no word in the XML. */
  drop(...keys: readonly string[]): void {
    for (const pair of this.#pairs) if (keys.includes(pair.key)) this.#taken.add(pair);
  }

  /** What nobody has taken. */
  get rest(): readonly OptionPair[] {
    return this.#pairs.filter(pair => !this.#taken.has(pair));
  }
}
