import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formatCapabilitiesXml} from '../../src/model/capabilities-xml.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {arbitraryDomain} from './arbitrary-domain.ts';
import {noSchemas, schemaErrors} from './corpus.ts';

import {BARE, CAPABILITIES, WITH_KVM} from './sample-capabilities.ts';

const skipped = noSchemas === undefined ? '' : ` (skipped: ${noSchemas})`;

describe.skipIf(noSchemas !== undefined)(`libvirt’s schemas${skipped}`, () => {
  test.each([
    ['of a host with emulators', CAPABILITIES],
    ['with KVM', WITH_KVM],
    ['of a bare host', BARE],
  ])('accept the capabilities %s', (_, capabilities) => {
    expect(schemaErrors('capability', formatCapabilitiesXml(capabilities))).toBe('');
  });

  test('accept every domain, inactive and running', () => {
    fc.assert(
      fc.property(arbitraryDomain, def => {
        expect(schemaErrors('domain', formatDomain(def))).toBe('');
        expect(schemaErrors('domain', formatDomain(assignAliases(def), {id: 1}))).toBe('');
      }),
      {numRuns: 15},
    );
  });
});
