import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formatDomain} from '../../src/model/format-domain.ts';
import {noSchemas, schemaErrors} from './corpus.ts';
import {arbitraryDeviceXml, KINDS, MORE_DEVICES} from './device-samples.ts';
import {domainXml, problemsOf, readDomain} from './read-domain.ts';
import {arbitrarySections} from './section-samples.ts';

function expectRoundTrip(xml: string): void {
  expect(problemsOf(xml).filter(problem => !problem.includes('the guest does not get it yet'))).toEqual([]);
  const def = readDomain(xml);
  const printed = formatDomain(def);
  expect(readDomain(printed)).toEqual(def);
  expect(formatDomain(readDomain(printed))).toBe(printed);
}

describe('every kind of device comes back from its XML as it was', () => {
  test.each(KINDS)('%s', kind => {
    fc.assert(
      fc.property(arbitraryDeviceXml(kind), devices => expectRoundTrip(domainXml({devices}))),
      {numRuns: 40},
    );
  });

  test.each(MORE_DEVICES)('%s', devices => {
    expectRoundTrip(domainXml({devices}));
  });
});

test('every section of a domain comes back from its XML as it was', () => {
  fc.assert(fc.property(arbitrarySections, expectRoundTrip), {numRuns: 200});
});

const skipped = noSchemas === undefined ? '' : ` (skipped: ${noSchemas})`;

describe.skipIf(noSchemas !== undefined)(`libvirt’s schema accepts every kind of device${skipped}`, () => {
  // The schema of libvirt 9.0.0 has no <crypto> yet, which its documentation describes.
  test.each(KINDS.filter(kind => kind !== 'crypto'))('%s', kind => {
    const all = fc.sample(arbitraryDeviceXml(kind), {numRuns: 3, seed: 20090914});
    for (const devices of all) expect(schemaErrors('domain', formatDomain(readDomain(domainXml({devices}))))).toBe('');
  });

  test.each(MORE_DEVICES)('%s', devices => {
    expect(schemaErrors('domain', formatDomain(readDomain(domainXml({devices}))))).toBe('');
  });

  test('and every section', () => {
    const all = fc.sample(arbitrarySections, {numRuns: 10, seed: 20090914});
    for (const xml of all) expect(schemaErrors('domain', formatDomain(readDomain(xml)))).toBe('');
  });
});
