import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {domainFromNative} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseXml} from '../../src/model/xml/parse-xml.ts';
import type {XmlElement} from '../../src/model/xml/xml-element.ts';
import {runCase, type Suite} from './suite.ts';

/** A command line and the XML that libvirt made of it. */
interface Argv2XmlCase {
  readonly name: string;
  /** `4.5.0`, or one of the older sets, which say less. */
  readonly era: string;
  readonly args: string;
  readonly xml: string;
  /** Exactly these have options that the XML has no word for. */
  readonly expectsWarning: boolean;
}

/**
 * A QEMU command line and the domain XML of it. Meaning is compared: controllers and addresses that libvirt adds by
 * itself, UUIDs and the names of secrets do not count.
 */
export const argv2xml: Suite = {
  name: 'argv2xml',
  run: corpus => {
    const folder = join(corpus, 'argv2xml');
    if (!existsSync(folder)) return undefined;
    return readCases(folder).map(each => runCase(each.name, () => firstDifference(each)));
  },
};

/** All cases of a folder; those without a row in its manifest are of 4.5.0. */
function readCases(folder: string): readonly Argv2XmlCase[] {
  const rows = readManifest(join(folder, 'MANIFEST.json'));
  const names = readdirSync(folder).filter(file => file.endsWith('.args'));
  return names.toSorted().map(file => {
    const name = file.slice(0, -'.args'.length);
    const row = rows.find(each => each.name === name);
    return {
      name,
      era: row?.era ?? '4.5.0',
      args: readFileSync(join(folder, file), 'utf8'),
      xml: readFileSync(join(folder, `${name}.xml`), 'utf8'),
      expectsWarning: row?.test_flags.some(flag => flag.includes('WARNING')) ?? false,
    };
  });
}

interface ManifestRow {
  readonly name: string;
  readonly era: string;
  readonly test_flags: readonly string[];
}

function readManifest(path: string): readonly ManifestRow[] {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

/** The first difference of a case, or undefined when the meaning is the same. */
function firstDifference({args, xml, era, expectsWarning}: Argv2XmlCase): string | undefined {
  // The machines that libvirt's test gave its guests: the first is the default.
  const defaultMachine = (arch: string) => (arch === 'x86_64' ? 'pc-0.11' : undefined);
  const {def, problems} = domainFromNative(args, {defaultMachine});
  if (!def) return problems.map(({message}) => message).join('; ');
  if (problems.length > 0 !== expectsWarning) return `warnings: ${problems.map(({message}) => message).join('; ')}`;
  const expected = linesOf(rootOf(xml), era);
  const actual = linesOf(rootOf(formatDomain(def)), era);
  const missing = expected.find(line => !actual.includes(line));
  const extra = actual.find(line => !expected.includes(line));
  if (missing ?? extra) return `missing: ${missing ?? '-'}; not expected: ${extra ?? '-'}`;
  return expected.join('\n') === actual.join('\n') ? undefined : 'the order of the devices differs';
}

function rootOf(xml: string): XmlElement {
  const {root, problems} = parseXml(xml);
  if (!root) throw new Error(problems.map(({message}) => message).join('; '));
  return root;
}

/** Left out of the comparison of old cases, as the corpus says. */
const BLANKED = ['name', 'uuid', 'memory', 'currentMemory', 'vcpu', 'readonly', 'shareable', 'secret'];

/** A line for each element of which the meaning counts, sorted by its place but not within its kind. */
function linesOf(root: XmlElement, era: string): readonly string[] {
  const lines: string[] = [];
  collect(root, '', era, lines);
  const kindOf = (line: string) => line.split(' ', 1)[0] ?? '';
  return lines.toSorted((a, b) => (kindOf(a) < kindOf(b) ? -1 : kindOf(a) > kindOf(b) ? 1 : 0));
}

function collect(element: XmlElement, path: string, era: string, into: string[]): void {
  const place = `${path}/${element.name}`;
  if (isImplicit(element, place) || isBlanked(element, place, era)) return;
  const attributes = [...element.attributes]
    .filter(([name, value]) => counts(place, name, value))
    .map(([name, value]) => `${name}='${name === 'reg' ? String(BigInt(value)) : value}'`)
    .toSorted()
    .join(' ');
  const text = element.children.length === 0 ? element.text.trim() : '';
  into.push(`${place} ${attributes} ${text}`.trimEnd());
  for (const child of element.children) collect(child, place, era, into);
}

/**
 * What the old cases have or lack by their age: the board's own mouse and keyboard, the balloon, the driver that every
 * disk has.
 */
function isBlanked(element: XmlElement, place: string, era: string): boolean {
  if (era === '4.5.0') return false;
  if (element.name === 'input' && element.attributes.get('bus') === 'ps2') return true;
  if (element.name === 'memballoon') return true;
  if (era !== 'legacy-roundtrip') return false;
  const isUsualDriver = place === '/domain/devices/disk/driver' && element.attributes.size === 2;
  const isUsual = isUsualDriver && element.attributes.get('type') === 'raw';
  return isUsual || BLANKED.includes(element.name);
}

/** What libvirt adds by itself: controllers, and the places of devices that the command line does not name. */
function isImplicit(element: XmlElement, place: string): boolean {
  if (place === '/domain/uuid' || place === '/domain/devices/controller') return true;
  const ofDevice = /^\/domain\/devices\/[a-z]+\/address$/.test(place) && !place.includes('nvram');
  return ofDevice && ['pci', 'drive', 'spapr-vio'].includes(element.attributes.get('type') ?? '');
}

/** What later versions of libvirt write besides: one die, hyperv's mode. */
function counts(place: string, name: string, value: string): boolean {
  if (name === 'usage' || name === 'xmlns:qemu') return false;
  if (place.endsWith('/topology') && name === 'dies') return value !== '1';
  if (place.endsWith('/hyperv') && name === 'mode') return value !== 'custom';
  return true;
}
