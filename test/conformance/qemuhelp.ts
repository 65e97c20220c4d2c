import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {capsOfHelpText} from '../../src/driver/emulators/help-caps.ts';
import {answersQmp, readHelpText} from '../../src/driver/emulators/help-text.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {LIBVIRT_FLAGS} from './libvirt-flags.ts';
import {type CaseResult, runCase, type Suite} from './suite.ts';

/** What one generation of libvirt read out of a text. */
interface Expected {
  readonly version: number;
  readonly is_kvm: boolean;
  readonly kvm_version: number;
  readonly caps: readonly string[];
  /** The later ones refused what answers QMP. */
  readonly error?: string;
  /** `YYYY-MM-DD` of the test; that of 0.7.1 has none. */
  readonly test_date?: string;
}

interface Reading {
  readonly text: string;
  readonly generation: string;
  readonly date: string;
  readonly expected: Expected;
}

const DATE_OF_0_7_1 = '2009-09-15';

/** `-help` and `-device ?` of old emulators: version, KVM, and the flags as a set. */
export const qemuhelp: Suite = {
  name: 'qemuhelp',
  run: corpus => {
    const folder = join(corpus, 'qemuhelp');
    if (!existsSync(join(folder, 'expectations.json'))) return undefined;
    const readings = readExpectations(folder);
    return readings.map(reading => compareReading(folder, reading, readings));
  },
};

function readExpectations(folder: string): readonly Reading[] {
  const all: Readonly<Record<string, Readonly<Record<string, Expected | string>>>> = JSON.parse(
    readFileSync(join(folder, 'expectations.json'), 'utf8'),
  );
  return Object.entries(all).flatMap(([text, generations]) =>
    Object.entries(generations).flatMap(([generation, expected]) =>
      typeof expected === 'string' ? [] : [{text, generation, expected, date: expected.test_date ?? DATE_OF_0_7_1}],
    ),
  );
}

function compareReading(folder: string, reading: Reading, all: readonly Reading[]): CaseResult {
  const {text, generation, expected} = reading;
  return runCase(`${text} ${generation}`, () => {
    const help = readFileSync(join(folder, text), 'utf8');
    const devicePath = join(folder, `${text}-device`);
    const devices = existsSync(devicePath) ? readFileSync(devicePath, 'utf8') : '';
    return (
      differenceOfVersion(help, expected) ?? differenceOfFlags(capsOfHelpText(help, 'x86_64', devices), reading, all)
    );
  });
}

function differenceOfVersion(help: string, expected: Expected): string | undefined {
  const {version, isKvm, kvmSnapshot = 0} = readHelpText(help);
  const [major = 0, minor = 0, micro = 0] = version.split('.').map(Number);
  const found = {
    version: major * 1_000_000 + minor * 1000 + micro,
    is_kvm: isKvm,
    kvm_version: kvmSnapshot,
    refused: answersQmp(help),
  };
  const wanted = {
    version: expected.version,
    is_kvm: expected.is_kvm,
    kvm_version: expected.kvm_version,
    refused: expected.error === undefined ? found.refused : true,
  };
  return JSON.stringify(found) === JSON.stringify(wanted)
    ? undefined
    : `expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`;
}

function differenceOfFlags(caps: EmulatorCaps, reading: Reading, all: readonly Reading[]): string | undefined {
  const {expected, date} = reading;
  if (expected.error !== undefined) return undefined;
  const unknown = expected.caps.filter(name => LIBVIRT_FLAGS[name] === undefined);
  if (unknown.length > 0) return `no meaning for ${unknown.join(' ')}`;
  const known = vocabularyOf(date, all);
  const found = [...known].filter(name => hasFlag(caps, name));
  const missing = expected.caps.filter(name => !found.includes(name));
  const extra = found.filter(name => !expected.caps.includes(name));
  if (missing.length + extra.length === 0) return undefined;
  return `missing: ${missing.join(' ') || 'none'}; more than expected: ${extra.join(' ') || 'none'}`;
}

function hasFlag(caps: EmulatorCaps, name: string): boolean {
  const own = LIBVIRT_FLAGS[name];
  if (own === undefined) return false;
  return 'device' in own ? caps.devices.has(own.device) : caps.flags.has(own.flags[0]);
}

/**
 * The flags that libvirt had on a day: a list from before or of that day names them, and one of that day or later.
 * It got new ones all the time, and stopped listing those that every emulator had by then.
 */
function vocabularyOf(date: string, all: readonly Reading[]): ReadonlySet<string> {
  const listed = all.filter(({expected}) => expected.error === undefined);
  const namesIn = (readings: readonly Reading[]) => new Set(readings.flatMap(({expected}) => expected.caps));
  const later = namesIn(listed.filter(other => other.date >= date));
  return new Set([...namesIn(listed.filter(other => other.date <= date))].filter(name => later.has(name)));
}
