import {existsSync} from 'node:fs';
import type {CaseResult} from '../test/conformance/suite.ts';
import {SUITES, SUITES_BY_NAME} from '../test/conformance/suites.ts';

const ALL = [...SUITES, ...SUITES_BY_NAME];

/**
 * `npm run conformance -- DIR [SUITE...]`: runs every case of a corpus folder, prints `SUITE passed/total` for each suite and the
 * names of those that fail with their first difference. The exit status is 0 when all pass, 1 when not, 2 for wrong arguments.
 */
function main(args: readonly string[]): number {
  const [corpus, ...names] = args;
  const unknown = names.find(name => !ALL.some(suite => suite.name === name));
  if (corpus === undefined || !existsSync(corpus) || unknown !== undefined) {
    const why = unknown === undefined ? `there is no folder '${corpus ?? ''}'` : `there is no suite '${unknown}'`;
    console.error(`conformance: ${why}\nusage: npm run conformance -- DIR [${ALL.map(({name}) => name).join('|')}]...`);
    return 2;
  }
  let status = 0;
  for (const suite of names.length === 0 ? SUITES : ALL.filter(({name}) => names.includes(name))) {
    const results = suite.run(corpus);
    if (results === undefined) console.log(`${suite.name} -/- (its cases are not in ${corpus})`);
    else if (report(suite.name, results) > 0) status = 1;
  }
  return status;
}

/** @returns how many failed */
function report(suite: string, results: readonly CaseResult[]): number {
  const failed = results.filter(({failure}) => failure !== undefined);
  console.log(`${suite} ${results.length - failed.length}/${results.length}`);
  for (const {name, failure} of failed) console.log(`  FAIL ${name}: ${failure}`);
  return failed.length;
}

process.exitCode = main(process.argv.slice(2));
