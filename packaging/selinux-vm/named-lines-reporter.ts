import {stripVTControlCharacters} from 'node:util';
import type {Reporter, SerializedError, TestCase, TestModule} from 'vitest/node';
import {countOutcome} from '../test-reporter.ts';

/** Vitest reporter with a line for each test, `ok NAME` or `not ok NAME`, and at the end how many of which. */
export class NamedLinesReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1);
    if (result.state === 'passed') console.log(`ok ${test.fullName} (${seconds} s)`);
    else if (result.state === 'skipped')
      console.log(`skipped ${test.fullName}${result.note ? `: ${result.note}` : ''}`);
    else {
      console.log(`not ok ${test.fullName} (${seconds} s)`);
      sayErrors(result.errors ?? []);
    }
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    for (const module of modules) {
      sayErrors(module.errors());
      for (const suite of module.children.allSuites()) sayErrors(suite.errors());
    }
    sayErrors(unhandledErrors);
    const {passed, failed, skipped} = countOutcome(modules, unhandledErrors);
    console.log(`${passed} ok, ${failed} not ok, ${skipped.length} skipped`);
  }
}

function sayErrors(
  errors: readonly {readonly message: string; readonly diff?: string; readonly stack?: string}[],
): void {
  for (const {message, diff, stack} of errors) {
    const where = stack?.split('\n').find(line => line.includes('/test/selinux/'));
    const text = [message, ...(diff ? [diff] : []), ...(where ? [where.trim()] : [])].join('\n');
    for (const line of stripVTControlCharacters(text).split('\n')) console.log(`  # ${line}`);
  }
}
