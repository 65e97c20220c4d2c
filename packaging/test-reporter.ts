import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Reporter, SerializedError, TestModule} from 'vitest/node';

/** What one run of the tests came to; written as JSON for `test-summary.ts`. */
export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly {readonly name: string; readonly reason?: string}[];
}

/**
 * Counts tests, files that could not be loaded, and errors outside any test.
 *
 * @param modules  the test files of the run
 * @param unhandledErrors  errors that belong to no test; each counts as a failure
 */
export function countOutcome(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): TestOutcome {
  let passed = 0;
  let failed = unhandledErrors.length;
  const skipped: {name: string; reason?: string}[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'skipped') {
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        skipped.push({name, ...(result.note === undefined ? {} : {reason: result.note})});
      } else failed += 1; // 'pending' means that its run was cut short
    }
  }
  return {passed, failed, skipped};
}

/** Vitest reporter that writes the outcome to the file named by VIRTTY_TEST_OUTCOME. */
export class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env.VIRTTY_TEST_OUTCOME;
    if (file === undefined) return;
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(file, JSON.stringify(countOutcome(modules, unhandledErrors)));
  }
}
