/**
 * Ends `npm test`: adds up the checks of packaging/test.sh and the tests, names what was skipped and why, and prints
 * `N passed, N failed, N skipped` as the last line. Exits 1 when anything failed or no test ran.
 *
 * Usage: node packaging/test-summary.ts CHECKS OUTCOME VITEST-STATUS; CHECKS has lines `passed NAME` or `failed NAME`.
 */
import {existsSync, readFileSync} from 'node:fs';
import type {TestOutcome} from './test-reporter.ts';

interface Check {
  readonly passed: boolean;
  readonly name: string;
}

function readChecks(file: string): readonly Check[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map(line => ({passed: line.startsWith('passed '), name: line.slice('passed '.length)}));
}

/** The outcome as the reporter wrote it; without a file the run came to nothing, which is one failure. */
function readOutcome(file: string, status: number): TestOutcome {
  if (!existsSync(file)) return {passed: 0, failed: 1, skipped: []};
  const outcome: TestOutcome = JSON.parse(readFileSync(file, 'utf8'));
  const blameless = outcome.failed === 0 && outcome.passed + outcome.skipped.length > 0;
  return status !== 0 && blameless ? {...outcome, failed: 1} : outcome;
}

const [checksFile = '', outcomeFile = '', status = '1'] = process.argv.slice(2);
const checks = readChecks(checksFile);
const outcome = readOutcome(outcomeFile, Number(status));
const failedChecks = checks.filter(check => !check.passed);
const passed = checks.length - failedChecks.length + outcome.passed;
const failed = failedChecks.length + outcome.failed;

for (const {name, reason} of outcome.skipped)
  console.log(`skipped: ${name}${reason === undefined ? '' : `: ${reason}`}`);
for (const {name} of failedChecks) console.log(`failed check: ${name}`);
if (outcome.passed + outcome.failed === 0) console.log('failed: no test ran');
console.log(`${passed} passed, ${failed} failed, ${outcome.skipped.length} skipped`);
process.exitCode = failed > 0 || outcome.passed === 0 ? 1 : 0;
