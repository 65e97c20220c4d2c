/** One case of a suite: its name, and why it fails; undefined when it passes. */
export interface CaseResult {
  readonly name: string;
  readonly failure?: string;
}

/**
 * One suite of libvirt's test cases. A new one is a file beside this one and a row in `suites.ts`.
 */
export interface Suite {
  readonly name: string;
  /**
   * Runs every case of a corpus folder.
   *
   * @returns undefined when the folder does not have the suite's cases
   */
  run(corpus: string): readonly CaseResult[] | undefined;
}

/** Runs a case; an exception is a failure with its message. */
export function runCase(name: string, run: () => string | undefined): CaseResult {
  try {
    const failure = run();
    return failure === undefined ? {name} : {name, failure};
  } catch (error) {
    return {name, failure: error instanceof Error ? error.message : String(error)};
  }
}
