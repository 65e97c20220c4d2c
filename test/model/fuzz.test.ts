import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatDomain} from '../../src/model/format-domain.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {parseXml} from '../../src/model/xml/parse-xml.ts';
import {arbitraryDomain} from './arbitrary-domain.ts';
import {OPTIONS} from './read-domain.ts';

/** The same texts in every run. */
const SEED = 20090914;

const FRAGMENTS = [
  '<',
  '>',
  '/>',
  '</',
  "'",
  '"',
  '&',
  '&amp;',
  '&#0;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<a>',
];

/** Cuts a piece out of a text and puts another one there. */
const mutation = fc.record({
  at: fc.double({min: 0, max: 1, noNaN: true}),
  remove: fc.nat({max: 40}),
  insert: fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({unit: 'binary', maxLength: 4}), fc.constant('')),
});

const mutated = fc.tuple(arbitraryDomain, fc.array(mutation, {minLength: 1, maxLength: 4})).map(([def, mutations]) =>
  mutations.reduce(
    (xml, {at, remove, insert}) => {
      const offset = Math.floor(at * xml.length);
      return xml.slice(0, offset) + insert + xml.slice(offset + remove);
    },
    formatDomain(assignAliases(def), {id: 1}),
  ),
);

test('whatever is done to a domain XML, it is read or its problems are told, with places inside the text', () => {
  fc.assert(
    fc.property(mutated, xml => {
      const {def, problems} = parseDomain(xml, OPTIONS);
      expect(def === undefined).toBe(problems.some(({severity}) => severity === 'error'));
      const lines = xml.split(/\r\n?|\n/);
      for (const {line, column} of problems) {
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
      }
    }),
    {seed: SEED, numRuns: 1000},
  );
});

test('any text at all is answered', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({unit: 'binary'}))), parts => {
      const {root, problems} = parseXml(parts.join(''));
      expect(root === undefined).toBe(problems.length > 0);
    }),
    {seed: SEED, numRuns: 1000},
  );
});
