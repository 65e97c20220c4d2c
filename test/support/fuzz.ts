import fc from 'fast-check';
import {test} from 'vitest';

/** How long all properties that are fuzzed take together; `VIRTTY_FUZZ_SECONDS` changes it. */
const TOTAL_SECONDS = Number(process.env.VIRTTY_FUZZ_SECONDS ?? 60);

/** The same texts in every run; `VIRTTY_FUZZ_SEED` gives others. */
const SEED = Number(process.env.VIRTTY_FUZZ_SEED ?? 20090914);

/** So many properties share the time. */
const PROPERTIES = 6;

/**
 * A test that tries a property with as many values as there is time for. A failure tells the smallest value that it
 * found, and the seed.
 */
export function fuzzTest<T>(name: string, values: fc.Arbitrary<T>, check: (value: T) => void): void {
  const seconds = TOTAL_SECONDS / PROPERTIES;
  test(name, {timeout: (seconds + 60) * 1000}, () => {
    fc.assert(fc.property(values, check), {
      seed: SEED,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    });
  });
}
