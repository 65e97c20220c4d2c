import {describe, expect, test} from 'vitest';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {corpusDomains, noCases} from './corpus.ts';
import {OPTIONS, readDomain} from './read-domain.ts';

const skipped = noCases === undefined ? '' : ` (skipped: ${noCases})`;

describe.skipIf(noCases !== undefined)(`libvirt’s test cases${skipped}`, () => {
  test('are read, or every error is told with its place', () => {
    const cases = corpusDomains();
    expect(cases.length).toBeGreaterThan(100);
    for (const {file, xml} of cases) {
      const {def, problems} = parseDomain(xml, OPTIONS);
      if (!def) expect(problems.find(({severity}) => severity === 'error')?.line, file).toBeGreaterThan(0);
    }
  });

  test('that are read come back the same from their own XML', () => {
    for (const {file, xml} of corpusDomains()) {
      const {def} = parseDomain(xml, OPTIONS);
      if (def) expect(readDomain(formatDomain(def)), file).toEqual(def);
    }
  });

  test('keep every line of theirs that this program prints', () => {
    for (const {file, xml} of corpusDomains().filter(({file}) => /latest.*\.out\./.test(file))) {
      const {def, problems} = parseDomain(xml, OPTIONS);
      if (!def || problems.length > 0) continue;
      expect(formatDomain(def), file).toBe(xml);
    }
  });
});
