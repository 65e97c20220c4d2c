import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatProblem} from '../../src/base/problem.ts';
import type {ArgvInput, ArgvSettings} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {buildLegacyEnvironment} from '../../src/driver/argv/legacy/environment.ts';
import {formatShellLine} from '../../src/driver/argv/quote-for-display.ts';
import type {EmulatorCaps, MachineInfo} from '../../src/model/capabilities.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {compareCommandLines} from './compare-command-lines.ts';
import {LIBVIRT_FLAGS} from './libvirt-flags.ts';
import {runCase, type Suite} from './suite.ts';

/** One run of a case: libvirt's test ran some XMLs more than once. */
interface ManifestRun {
  readonly caps: readonly string[];
  readonly migrateFrom: string | null;
  readonly domain_id: number;
}

interface ManifestCase {
  readonly name: string;
  readonly runs: readonly ManifestRun[];
  readonly driver?: Readonly<Record<string, boolean | number | string>>;
}

/** The boards of the emulators that the test of 2009 pretended to have, as the README lists them. */
const MACHINES: Readonly<Record<string, readonly (readonly [name: string, aliasOf?: string])[]>> = {
  '/usr/bin/qemu': [['pc'], ['isapc']],
  '/usr/bin/qemu-system-x86_64': [['pc-0.11'], ['pc', 'pc-0.11'], ['pc-0.10'], ['isapc']],
  '/usr/bin/kvm': [['pc'], ['isapc']],
  '/usr/bin/xenner': [['xenner']],
};

const INHERITED = {PATH: '/bin', USER: 'test', LOGNAME: 'test', HOME: '/home/test'};

/** Where the moment of a case does not matter. */
const NOW_MS = Date.UTC(2009, 8, 15);

/** Domain XML to the command line of an emulator of before `-device`. */
export const xml2argv2009: Suite = {
  name: 'xml2argv-2009',
  run: corpus => {
    const folder = join(corpus, 'xml2argv-2009');
    if (!existsSync(join(folder, 'MANIFEST.json'))) return undefined;
    const cases: readonly ManifestCase[] = JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8'));
    return cases.map(each => runCase(each.name, () => firstFailure(folder, each)));
  },
};

function firstFailure(folder: string, {name, runs, driver}: ManifestCase): string | undefined {
  const expected = readFileSync(join(folder, `${name}.args`), 'utf8');
  const def = readDefinition(readFileSync(join(folder, `${name}.xml`), 'utf8'));
  for (const run of runs) {
    const difference = compareCommandLines(expected, commandLine(def, run, driver ?? {}));
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** @throws {Error} with the first problem of a text that is not read */
function readDefinition(xml: string): DomainDef {
  const {def, problems} = parseDomain(xml, {
    newUuid: () => '00000000-0000-4000-8000-000000000000',
    newMac: () => '52:54:00:00:00:01',
  });
  if (def) return def;
  const error = problems.find(({severity}) => severity === 'error');
  throw new Error(`it is refused: ${error ? formatProblem(error) : 'without a reason'}`);
}

function commandLine(def: DomainDef, run: ManifestRun, driver: NonNullable<ManifestCase['driver']>): string {
  const emulator = def.emulator ?? '/usr/bin/qemu';
  const input: ArgvInput = {
    def,
    caps: emulatorCaps(def, emulator, run.caps),
    paths: {monitorSocket: '/tmp/test-monitor', userMonitorSocket: '/tmp/test-user-monitor'},
    nowMs: NOW_MS,
    settings: settingsOf(run, driver),
  };
  const saslDir = textOf(driver.vncSASLdir);
  const environment = buildLegacyEnvironment(input, {inherited: INHERITED, ...(saslDir ? {saslDir} : {})});
  return formatShellLine(environment, emulator, buildArgv(input));
}

function emulatorCaps(def: DomainDef, emulator: string, caps: readonly string[]): EmulatorCaps {
  const machines = (MACHINES[emulator] ?? []).map(
    ([name, aliasOf]): MachineInfo => ({
      name,
      ...(aliasOf === undefined ? {} : {aliasOf}),
      isDefault: false,
      deprecated: false,
      maxCpus: 255,
    }),
  );
  // A flag that decides nothing here is in no row.
  const flags = caps.flatMap(name => {
    const own = LIBVIRT_FLAGS[name];
    return own !== undefined && 'flags' in own ? own.flags : [];
  });
  return {
    version: '0.10.0',
    arch: def.os.arch,
    flags: new Set(flags),
    machines,
    cpuModels: [],
    devices: new Set(),
    kvmBuiltIn: true,
  };
}

function settingsOf(run: ManifestRun, driver: NonNullable<ManifestCase['driver']>): ArgvSettings {
  const x509Dir = textOf(driver.vncTLSx509certdir);
  const tls = {verify: Boolean(driver.vncTLSx509verify), ...(x509Dir ? {x509Dir} : {})};
  const hugepagesPath = textOf(driver.hugepage_path);
  return {
    domainId: run.domain_id,
    vnc: {sasl: Boolean(driver.vncSASL), ...(driver.vncTLS ? {tls} : {})},
    ...(run.migrateFrom === null ? {} : {migrateFrom: run.migrateFrom}),
    ...(hugepagesPath === undefined ? {} : {hugepagesPath}),
  };
}

function textOf(value: boolean | number | string | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
