import fc from 'fast-check';
import {expect} from 'vitest';
import {formatDomain} from '../../src/model/format-domain.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {type CompletionFacts, completeDomain} from '../../src/model/post-parse/complete-domain.ts';
import {parseXml} from '../../src/model/xml/parse-xml.ts';
import {fuzzTest} from '../support/fuzz.ts';
import {arbitraryDomain} from './arbitrary-domain.ts';
import {arbitraryDeviceXml, KINDS, MORE_DEVICES} from './device-samples.ts';
import {OPTIONS} from './read-domain.ts';
import {arbitrarySections} from './section-samples.ts';

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

function mutate(base: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(base, fc.array(mutation, {minLength: 1, maxLength: 4})).map(([xml, mutations]) =>
    mutations.reduce((text, {at, remove, insert}) => {
      const offset = Math.floor(at * text.length);
      return text.slice(0, offset) + insert + text.slice(offset + remove);
    }, xml),
  );
}

const mutated = mutate(arbitraryDomain.map(def => formatDomain(assignAliases(def), {id: 1})));

/** Every section and every kind of device in one text, and values that belong elsewhere. */
const everything = fc
  .tuple(arbitrarySections, fc.tuple(...KINDS.map(kind => arbitraryDeviceXml(kind))), fc.subarray([...MORE_DEVICES]))
  .map(([xml, devices, more]) => xml.replace('<devices/>', `<devices>${[...devices, ...more].join('\n')}</devices>`));

const swapped = fc
  .tuple(
    everything,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '-1', '0xffff', '99999999999', 'yes', 'a\nb')), {maxLength: 5}),
  )
  .map(([xml, swaps]) => {
    const values = [...xml.matchAll(/='([^']*)'/g)];
    const chosen = new Map(swaps.map(([place, value]) => [values[place % values.length]?.index, value]));
    return xml.replace(/='([^']*)'/g, (old, _, offset) => (chosen.has(offset) ? `='${chosen.get(offset)}'` : old));
  });

const FACTS: CompletionFacts = {
  devices: new Set(['piix3-usb-uhci', 'VGA', 'lsi53c895a']),
  defaultCpu: () => undefined,
  isCpuUsable: () => false,
  hasMigratableHostCpu: false,
  newUuid: OPTIONS.newUuid,
};

fuzzTest(
  'whatever is done to a domain XML, it is read or its problems are told, with places inside the text',
  mutated,
  xml => {
    const {def, problems} = parseDomain(xml, OPTIONS);
    expect(def === undefined).toBe(problems.some(({severity}) => severity === 'error'));
    const lines = xml.split(/\r\n?|\n/);
    for (const {line, column} of problems) {
      expect(column).toBeGreaterThan(0);
      expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
    }
  },
);

fuzzTest(
  'whatever is read of any XML is printed so that it is read again, and can be completed',
  fc.oneof(mutate(everything), swapped),
  xml => {
    const {def} = parseDomain(xml, OPTIONS);
    if (!def) return;
    expect(parseDomain(formatDomain(def), OPTIONS).def).toEqual(def);
    expect(formatDomain(completeDomain(def, FACTS))).toContain('</domain>');
  },
);

fuzzTest(
  'any text at all is answered',
  fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({unit: 'binary'}))),
  parts => {
    const {root, problems} = parseXml(parts.join(''));
    expect(root === undefined).toBe(problems.length > 0);
  },
);
