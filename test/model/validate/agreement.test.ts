import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {formatProblem} from '../../../src/base/problem.ts';
import {parseDomain} from '../../../src/model/parse-domain.ts';
import {parseXml} from '../../../src/model/xml/parse-xml.ts';
import {CORPUS, corpusDomains, noCases, noSchemas} from '../corpus.ts';
import {DEVICE_SAMPLES, KINDS, MORE_DEVICES, sampleXml} from '../device-samples.ts';
import {domainXml, OPTIONS} from '../read-domain.ts';
import {SECTIONS} from '../section-samples.ts';
import {mutantsOf} from './mutate-xml.ts';
import {followsSchema} from './xmllint.ts';

/** Another one is as good: it is fixed so that a failure can be looked at. */
const SEED = Number(process.env.VIRTTY_SEED ?? 20090914);

/** Of each text. */
const MUTANTS = Number(process.env.VIRTTY_MUTANTS ?? 8);

const why = noCases ?? noSchemas;
const skipped = why === undefined ? '' : ` (skipped: ${why})`;

interface Candidate {
  readonly what: string;
  readonly xml: string;
}

/** libvirt's own cases, every kind of device and every section with one of its parts; each with its mutants. */
function candidates(): readonly Candidate[] {
  const devices = [...KINDS.flatMap(kind => samplesOf(kind)), ...MORE_DEVICES].map(xml => domainXml({devices: xml}));
  const sections = SECTIONS.map(xml => domainXml({more: xml}));
  const own = [...devices, ...sections].map(xml => ({file: 'sample', xml}));
  return [...corpusDomains(), ...own].flatMap(({file, xml}, at) => {
    const {root} = parseXml(xml);
    if (!root) throw new Error(`${file} is no XML`);
    const mutants = mutantsOf(root, MUTANTS, SEED + at);
    return [{what: file, xml}, ...mutants.map(mutant => ({what: `${file}: ${mutant.what}`, xml: mutant.xml}))];
  });
}

function samplesOf(kind: (typeof KINDS)[number]): readonly string[] {
  const {starts, parts} = DEVICE_SAMPLES[kind];
  return starts.flatMap(start => [sampleXml(kind, start, []), ...parts.map(part => sampleXml(kind, start, [part]))]);
}

function errorsOf(xml: string, validate: boolean): readonly string[] {
  const {problems} = parseDomain(xml, {...OPTIONS, validate});
  return problems.flatMap(problem => (problem.severity === 'error' ? [formatProblem(problem)] : []));
}

/** What of a list is not as it should be, a few with their reasons: for the message of a failure. */
function examples(list: readonly string[]): string {
  return list.slice(0, 20).join('\n');
}

describe.skipIf(why !== undefined)(`validation beside libvirt’s schema${skipped}`, () => {
  test('refuses what the schema refuses, and nothing else but what the parser refuses too', () => {
    const all = candidates();
    const valid = followsSchema(
      join(CORPUS, 'schemas', 'domain.rng'),
      all.map(({xml}) => xml),
    );
    const [missed, stricter]: [string[], string[]] = [[], []];
    let refused = 0;
    all.forEach(({what, xml}, at) => {
      const errors = errorsOf(xml, true);
      if (!valid[at]) refused++;
      if (!valid[at] && errors.length === 0) missed.push(what);
      if (valid[at] && errors.length > 0 && errorsOf(xml, false).length === 0) stricter.push(`${what}: ${errors[0]}`);
    });
    const caught = (refused - missed.length) / refused;
    const accepted = all.length - refused;
    console.info(
      `of ${all.length} texts the schema refuses ${refused}, of these ${(100 * caught).toFixed(2)} % are refused here; ` +
        `of ${accepted} that it accepts ${stricter.length} are refused here only because of --validate`,
    );
    expect(refused).toBeGreaterThan(1000);
    expect(caught, examples(missed)).toBeGreaterThan(0.98);
    // Some samples are of libvirt versions after the schema's.
    expect(stricter.length / accepted, examples(stricter)).toBeLessThan(0.002);
  });

  test('accepts every case of libvirt’s that the schema accepts and the parser reads', () => {
    const cases = corpusDomains().filter(({xml}) => errorsOf(xml, false).length === 0);
    const valid = followsSchema(
      join(CORPUS, 'schemas', 'domain.rng'),
      cases.map(({xml}) => xml),
    );
    for (const [at, {file, xml}] of cases.entries()) if (valid[at]) expect(errorsOf(xml, true), file).toEqual([]);
  });
});
