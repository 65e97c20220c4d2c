import {describe, expect, test} from 'vitest';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {MAX_ELEMENTS} from '../../src/model/xml/check-structure.ts';
import {MAX_ATTRIBUTES} from '../../src/model/xml/check-tag.ts';
import {domainXml, messagesOf, OPTIONS, readDomain} from './read-domain.ts';

/** Many pieces that differ by their number. */
function many(count: number, piece: (index: number) => string): string {
  return Array.from({length: count}, (_, index) => piece(index)).join('');
}

describe('a well-formed text that means harm is answered in time:', () => {
  test.each([
    ['unknown devices', domainXml({devices: many(50_000, index => `<x${index}/>`)})],
    ['unknown attributes', domainXml({devices: `<hub type='usb' ${many(900, index => `a${index}='' `)}/>`.repeat(50)})],
    [
      'attributes of addresses',
      domainXml({devices: `<disk><address ${many(900, index => `a${index}='' `)}/></disk>`.repeat(50)}),
    ],
    ['second names', domainXml({more: '<name/>'.repeat(50_000)})],
    ['errors', domainXml({devices: '<disk/>'.repeat(50_000)})],
  ])('%s, of which five hundred of each severity are told, and how many more there are', (_, xml) => {
    const {problems} = parseDomain(xml, OPTIONS);
    expect(problems.length).toBeGreaterThan(500);
    expect(problems.length).toBeLessThanOrEqual(1002);
    expect(problems.at(-1)?.message).toMatch(/^\d+ more of this severity are not told$/);
  });

  test.each([
    ['elements', domainXml({devices: '<x/>'.repeat(MAX_ELEMENTS)}), `there are more than ${MAX_ELEMENTS} elements`],
    [
      'attributes',
      domainXml({attributes: many(700_000, index => `a${index}='' `)}),
      `<domain> has more than ${MAX_ATTRIBUTES} attributes`,
    ],
  ])('%s without end are not read on', (_, xml, message) => {
    expect(messagesOf(xml)).toEqual([`error: ${message}`]);
  });

  test('devices without end', () => {
    expect(readDomain(domainXml({devices: "<serial type='null'/>".repeat(50_000)})).devices).toHaveLength(50_001);
  });

  test('a long value is quoted in part', () => {
    const [message] = messagesOf(domainXml({more: `<vcpu>${'9'.repeat(1_000_000)}</vcpu>`}));
    expect(message?.length).toBeLessThan(600);
    expect(message).toMatch(/^error: <vcpu> is '9+\.\.\.$/);
  });
});

test('text between elements is not lost silently', () => {
  expect(messagesOf(domainXml({devices: 'sound please'}))).toEqual([
    "warning: the text 'sound please' in <devices> is not understood yet: it is ignored and will not be saved",
  ]);
});
