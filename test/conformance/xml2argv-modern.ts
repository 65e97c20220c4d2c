import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatProblem} from '../../src/base/problem.ts';
import type {ArgvInput} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import {resolveDomain} from '../../src/driver/resolve-domain.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {x86Models} from '../../src/model/cpu/x86-models.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {EMULATOR_FLAGS, type EmulatorFlag} from '../../src/model/emulator-flags.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {assignUsbPorts} from '../../src/model/post-parse/assign-usb.ts';
import {completeDomain} from '../../src/model/post-parse/complete-domain.ts';
import {withVolumes} from '../../src/model/storage-pool.ts';
import {canonicalArgv} from './canonical-argv.ts';
import {factsOfTest, readSavedProbe} from './libvirt-caps.ts';
import {findTestVolume, NVRAM_DIR, TEST_HOST, TEST_HOST_CPU, TEST_MACHINES, testFirmware} from './modern-host.ts';
import {type ModernCase, modernFolder, readModernCases, type TestMacro} from './modern-manifest.ts';
import {runCase, type Suite} from './suite.ts';
import {conditionsOf, type TestConditions} from './test-conditions.ts';

/** The clock of libvirt's tests stands still. Source: libvirt 9.0.0, tests/qemuxml2argvmock.c, time. */
const NOW_MS = 1_234_567_890_000;

/** An emulator that was built with everything: what a case names is there. */
class EveryDevice extends Set<string> {
  override has(): boolean {
    return true;
  }
}

const CAPS: EmulatorCaps = {
  version: '8.0.0',
  arch: 'x86_64',
  flags: new Set(EMULATOR_FLAGS),
  machines: [],
  cpuModels: [],
  devices: new EveryDevice(),
  kvmBuiltIn: true,
};

/** Domain XML that is completed for QEMU 8.0 and made a command line; its meaning is compared. */
export const xml2argvModern: Suite = {
  name: 'xml2argv-modern',
  run: corpus => {
    const folder = modernFolder(corpus);
    if (folder === undefined) return undefined;
    const words = latestEmulator(folder);
    return readModernCases(folder)
      .filter(test => test.group === 'latest')
      .map(test => runCase(`${test.core ? 'core ' : ''}${test.name}`, () => compareArgv(folder, test, words)));
  },
};

/** Gives the words of a domain XML's command line under the conditions of a test. */
export type WordsOf = (xml: string, conditions: TestConditions) => readonly string[];

/** An emulator that has everything, with the machines and processors that libvirt probed of QEMU 8.0. */
export function latestEmulator(folder: string): WordsOf {
  const probe = readSavedProbe(folder);
  const facts = factsOfTest({macro: 'DO_TEST_CAPS_LATEST', args: []}, probe);
  const caps = {
    ...CAPS,
    machines: probe?.machines ?? [],
    cpuModels: [...(probe?.cpus ?? [])].map(name => ({name, deprecated: false, lacks: {}})),
  };
  const hostCpu = probe?.hostCpu ?? 'it was not probed';
  const answers = {caps, hostCpu, firmware: testFirmware(folder), nvramDir: NVRAM_DIR};
  return (xml, {settings, facts: more}) =>
    buildWords(xml, {newUuid: facts.newUuid, settings}, def => ({
      def: resolveDomain(withVolumes(completeDomain(def, {...facts, ...more}), findTestVolume), answers),
      caps,
    }));
}

/** An emulator that says little of itself: the flags of a test, of which some mean abilities. */
export function smallEmulator(test: TestMacro, folder: string, missing: readonly EmulatorFlag[]): WordsOf {
  const facts = factsOfTest(test, undefined);
  const caps = {
    ...CAPS,
    flags: new Set(EMULATOR_FLAGS.filter(flag => !missing.includes(flag))),
    machines: TEST_MACHINES,
    cpuModels: x86Models().map(({name}) => ({name, deprecated: false, lacks: {}})),
  };
  const answers = {caps, hostCpu: TEST_HOST_CPU, firmware: testFirmware(folder), nvramDir: NVRAM_DIR};
  const from = /^"(.+)"$/.exec(test.args[test.args.indexOf('ARG_MIGRATE_FROM') + 1] ?? '')?.[1];
  const incoming = test.args.includes('ARG_MIGRATE_FROM') && from !== undefined ? {migrateFrom: from} : {};
  return (xml, {settings, facts: more}) =>
    buildWords(xml, {newUuid: facts.newUuid, settings: {...settings, ...incoming}}, def => ({
      def: resolveDomain(withVolumes(completeDomain(def, {...facts, ...more}), findTestVolume), answers),
      caps,
    }));
}

/** Makes a command line of a case's XML and compares its meaning with the expected one: the first difference. */
export function compareArgv(
  folder: string,
  test: ModernCase,
  words: WordsOf,
  expected = '.x86_64-latest.args',
): string | undefined {
  const read = (ending: string) => readFileSync(join(folder, test.group, `${test.name}${ending}`), 'utf8');
  const want = canonicalArgv(splitExpected(read(expected)));
  const got = canonicalArgv(words(read('.xml'), conditionsOf(test.name)));
  return firstCanonicalDifference(want, got);
}

/** What one command line means and another does not; undefined when they mean the same. */
export function firstCanonicalDifference(want: readonly string[], got: readonly string[]): string | undefined {
  const missing = want.find(option => !got.some(other => isSame(option, other)));
  const extra = got.find(option => !want.some(other => isSame(other, option)));
  if (missing === undefined && extra === undefined && want.length === got.length) return undefined;
  return `expected ${missing ?? 'nothing more'}, found ${extra ?? 'nothing'}`;
}

/** libvirt hands some files over open: any path is as good as such a file, and QEMU only appends to it. */
function isSame(want: string, got: string): boolean {
  // A socket that is connected already has no path; the driver's own has one.
  if (/^-chardev .* fd=\d+ /.test(want)) return want.replace(/ fd=\d+/, '') === got.replace(/ path=\S+/, '');
  const handedOver = /=\/dev\/fdset\/\d+/g;
  if (!want.includes('=/dev/fdset/')) return want === got;
  const anyPath = want
    .replace(handedOver, '=HANDEDOVER')
    .replace(/append=\w+ /, '')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${anyPath.replaceAll('HANDEDOVER', '\\S+')}$`).test(got.replace(/append=\w+ /, ''));
}

function buildWords(
  xml: string,
  {newUuid, settings}: {readonly newUuid: () => string; readonly settings: TestConditions['settings']},
  prepare: (def: DomainDef) => Pick<ArgvInput, 'def' | 'caps'>,
): readonly string[] {
  const context = {newUuid, newMac: () => '52:54:00:00:00:00', defaultArch: 'x86_64'};
  const {def: read, problems} = parseDomain(xml, context);
  if (!read) throw new Error(`it is refused: ${problems.map(formatProblem).join('; ')}`);
  const directory = `/tmp/lib/domain--1-${read.name}`;
  const paths = {
    monitorSocket: `${directory}/monitor.sock`,
    userMonitorSocket: `${directory}/user.sock`,
    tpmSocket: '/dev/test',
  };
  const {def, caps} = prepare(read);
  return renderArgv(
    buildArgv({def: assignAliases(assignUsbPorts(def)), caps, paths, nowMs: NOW_MS, settings, host: TEST_HOST}),
  );
}

/** The words after the environment and the emulator. */
export function splitExpected(text: string): readonly string[] {
  const words = [...text.replaceAll('\\\n', '').matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single, double, one) => single ?? double ?? one),
  );
  return words.slice(words.findIndex(word => word.startsWith('/')) + 1);
}
