/** Options whose order numbers the guest's devices. */
const ORDERED = ['-drive', '-net', '-serial', '-parallel', '-usbdevice', '-hda', '-hdb', '-hdc', '-hdd', '-chardev'];

interface CommandLine {
  /** `NAME=VALUE`, sorted. */
  readonly environment: readonly string[];
  readonly emulator: string;
  /** One entry for each option with its value; those of `ORDERED` first, in their order, then the others, sorted. */
  readonly options: readonly string[];
}

/**
 * Compares two command lines of before `-device` by meaning: the environment as a set, options that do not depend on
 * each other in any order, and the pairs of a value after its first word in any order.
 *
 * @returns the first difference, undefined when there is none
 */
export function compareCommandLines(expected: string, found: string): string | undefined {
  const [wanted, got] = [read(expected), read(found)];
  if (wanted.emulator !== got.emulator) return `the emulator is ${got.emulator}, not ${wanted.emulator}`;
  return firstDifference(wanted.environment, got.environment) ?? firstDifference(wanted.options, got.options);
}

function firstDifference(wanted: readonly string[], got: readonly string[]): string | undefined {
  for (let index = 0; index < Math.max(wanted.length, got.length); index++) {
    if (wanted[index] === got[index]) continue;
    return `expected '${wanted[index] ?? 'nothing more'}', found '${got[index] ?? 'nothing more'}'`;
  }
  return undefined;
}

function read(line: string): CommandLine {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex(word => !/^[A-Z_]+=/.test(word));
  const options: string[] = [];
  for (const word of words.slice(at + 1)) {
    if (word.startsWith('-') || options.length === 0) options.push(word);
    else options.push(`${options.pop()} ${canonicalValue(word)}`);
  }
  const ordered = options.filter(option => ORDERED.includes(option.split(' ')[0] ?? ''));
  const others = options.filter(option => !ordered.includes(option)).toSorted();
  return {environment: words.slice(0, at).toSorted(), emulator: words[at] ?? '', options: [...ordered, ...others]};
}

function canonicalValue(value: string): string {
  // The base of a clock moves with it: what counts is that it is a date.
  if (/^base=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value)) return 'base=DATE';
  const [first = '', ...pairs] = value.split(',');
  return [first, ...pairs.toSorted()].join(',');
}
