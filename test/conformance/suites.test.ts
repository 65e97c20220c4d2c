import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {SUITES, SUITES_BY_NAME} from './suites.ts';

/** libvirt's own test data, which is not part of this repository: beside it, or where VIRTTY_CORPUS says. */
const CORPUS = process.env.VIRTTY_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus');
const skipped = existsSync(CORPUS) ? '' : ' (skipped: no corpus folder: set VIRTTY_CORPUS)';

/** What part of its cases each suite has to pass. */
const SHARES: Readonly<Record<string, number>> = {
  argv2xml: 1,
  'xml2argv-2009': 1,
  'xml2argv-modern': 0.5,
  'xml2argv-mincaps': 0.7,
  xml2xml: 0.95,
  schema: 1,
  qemuhelp: 1,
  'selinux-label': 1,
  'selinux-gen-label': 1,
  'selinux-contexts': 1,
  'seclabel-xml': 1,
  'capability-schema': 1,
  'argv-round-trip': 0.95,
};

describe.skipIf(skipped !== '')(`libvirt’s test cases${skipped}`, () => {
  test.each([...SUITES, ...SUITES_BY_NAME].filter(({name}) => name in SHARES))(
    'of $name pass as far as they have to',
    ({name, run}) => {
      const results = run(CORPUS) ?? [];
      const failed = results.filter(({failure}) => failure !== undefined);
      expect(failed.length, failed.map(result => `${result.name}: ${result.failure}`).join('\n')).toBeLessThanOrEqual(
        results.length * (1 - (SHARES[name] ?? 1)),
      );
    },
  );
});

test('a folder without cases is no failure of a suite', () => {
  for (const {run} of [...SUITES, ...SUITES_BY_NAME]) expect(run(import.meta.dirname)).toBeUndefined();
});
