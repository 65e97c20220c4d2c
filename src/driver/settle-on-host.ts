import {hostTree} from '../host/host-tree.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';
import type {HostAnswers} from './argv/argv-input.ts';
import {findHostCdroms} from './disk-media.ts';
import type {ChosenEmulator} from './emulators/emulator-registry.ts';
import type {HostSettings} from './host-settings.ts';
import type {InstancePaths} from './instance-paths.ts';
import {planMemoryLock} from './memory-lock.ts';
import {openQuestions, type ResolveContext, resolveDomain} from './resolve-domain.ts';
import {resolveVolumes} from './storage-pools.ts';

/** On whose behalf the host is asked. */
export interface SettleContext {
  readonly paths: InstancePaths;
  /** As whom the driver runs. */
  readonly uid: number;
  /** Where this user's programs have their configuration, absolute. */
  readonly configHome: string;
  readonly nowMs: number;
  /** What the configuration says of memory. */
  readonly settings?: Pick<HostSettings, 'hugetlbfsMounts' | 'memoryDir'>;
}

/** A definition of which nothing is open any more, and what else the host says of it. */
export interface Settled {
  readonly def: DomainDef;
  readonly host: HostAnswers;
}

/**
 * Chooses what a definition leaves to the driver, by what this host and the emulator have; only what matters is asked.
 *
 * @throws {VirtError} OPERATION_FAILED or CONFIG_UNSUPPORTED for what this host cannot give
 */
export async function settleOnHost(
  given: DomainDef,
  emulator: ChosenEmulator,
  context: SettleContext,
): Promise<Settled> {
  const {paths, nowMs} = context;
  const def = await resolveVolumes(given, `${paths.definitions}/storage`);
  const questions = openQuestions(def);
  const [firmware, hostCpu] = await Promise.all([
    questions.firmware ? askFirmware(context) : undefined,
    questions.hostCpu ? askCpu(def, emulator) : undefined,
  ]);
  const answers: ResolveContext = {
    caps: emulator.caps,
    nvramDir: `${paths.lib}/nvram`,
    ...(firmware ? {firmware} : {}),
    ...(hostCpu === undefined ? {} : {hostCpu}),
  };
  return {def: resolveDomain(def, answers), host: {...(await askHost(def, context)), utcOffsetMs: utcOffsetMs(nowMs)}};
}

async function askFirmware({uid, configHome}: SettleContext) {
  const {firmwareFolders, readFirmwareCatalogue} = await import('./firmware/read-catalogue.ts');
  // What one user has put somewhere is nothing for guests of the whole host.
  return readFirmwareCatalogue(firmwareFolders(uid === 0 ? undefined : {configHome}));
}

async function askCpu(def: DomainDef, {path}: ChosenEmulator) {
  const {askHostCpu} = await import('./emulators/ask-host-cpu.ts');
  return askHostCpu({path, arch: def.os.arch, accelerator: def.type === 'kvm' ? 'kvm' : 'tcg'});
}

async function askHost(def: DomainDef, {paths, settings = {}}: SettleContext): Promise<HostAnswers> {
  const memory = def.memoryBacking !== undefined || devicesOf(def, 'memory').length > 0;
  const smbios = def.os.smbiosMode === 'host';
  const drives = devicesOf(def, 'disk').some(({device, source}) => device === 'cdrom' && source?.type === 'block');
  const locks = planMemoryLock(def) !== undefined;
  if (!memory && !smbios && !drives && !locks) return {};
  const [{readLockAbility, readMemoryPlaces, SHARED_FOLDER}, {readSmbios}] = await Promise.all([
    import('./host-info/memory-places.ts'),
    import('./host-info/smbios.ts'),
  ]);
  const tree = hostTree();
  const {memoryDir, hugetlbfsMounts} = settings;
  const files = memoryDir === undefined ? `${paths.lib}/ram` : `${memoryDir}/${SHARED_FOLDER}`;
  const tables = smbios ? readSmbios(tree) : undefined;
  return {
    ...(drives ? {cdroms: await findHostCdroms(def)} : {}),
    ...(memory ? {memory: readMemoryPlaces(tree, files, hugetlbfsMounts)} : {}),
    ...(locks ? {memoryLock: readLockAbility(tree)} : {}),
    ...(tables ? {smbios: tables} : {}),
  };
}

function utcOffsetMs(nowMs: number): number {
  return -new Date(nowMs).getTimezoneOffset() * 60_000;
}
