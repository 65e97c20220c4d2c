import {readFileSync, statSync} from 'node:fs';
import {errnoOf} from '../../host/files.ts';
import {hostTree} from '../../host/host-tree.ts';
import {readMounts} from '../../host/mounts.ts';
import {type AccountNames, readAccountNames} from '../../host/users.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import {
  type DomainDrift,
  driftOf,
  inPart,
  type PartCheck,
  type ProcessCredentials,
} from '../../model/security-report.ts';
import {checkCgroup} from '../../security/cgroup/check-cgroup.ts';
import {checkConfinement, checkLabel} from '../../security/check-confinement.ts';
import {checkFile} from '../../security/check-file.ts';
import {parseCredentials} from '../../security/parse-status.ts';
import {observeCgroup} from '../cgroup/observe-cgroup.ts';
import type {Domain} from '../domain.ts';
import {type GrantRecord, NO_GRANTS, readGrants} from '../grants/grant-registry.ts';
import {grantRegistry} from '../instance-paths.ts';
import type {Confinement, LiveStatus} from '../live-status.ts';
import {actorOf, type ObserveContext} from './observe-security.ts';
import {type ListedFile, usedFiles} from './used-files.ts';

/** What was found out of a run and stays true while its definition and what it was given do. */
interface KnownRun {
  readonly liveXml: string;
  readonly record: GrantRecord;
  readonly files: readonly ListedFile[];
}

/** Whether a process is still in the group that it was put into: found out again when this text changes. */
interface KnownPlace {
  readonly cgroup: string;
  readonly asked: Confinement['cgroup'];
  readonly checks: readonly PartCheck[];
  readonly atMs: number;
}

/** A list that takes a program to be read is read again after this time; the group that a process is in, at each look. */
const LIST_AGE_MS = 30_000;

/**
 * Compares the running domains of an instance with what was asked, again and again: of each it reads two files of /proc and
 * looks at the files that it uses. What takes a program or a parser is kept for as long as it cannot have changed.
 */
export class DriftWatch {
  readonly #context: ObserveContext;
  readonly #runs = new Map<string, KnownRun>();
  readonly #places = new Map<number, KnownPlace>();
  #record: {readonly version: string; readonly record: GrantRecord} = {version: '', record: NO_GRANTS};

  constructor(context: ObserveContext) {
    this.#context = context;
  }

  /** What differs, of each domain that runs and was started by this instance. Those that end meanwhile are left out. */
  async read(domains: readonly Domain[]): Promise<readonly DomainDrift[]> {
    const record = await this.#grants();
    const found = await Promise.all(domains.map(domain => this.#readOne(domain, record)));
    this.#forget(domains);
    return found.filter(drift => drift !== undefined);
  }

  #forget(domains: readonly Domain[]): void {
    const live = domains.flatMap(domain => domain.live ?? []);
    const [uuids, pids] = [new Set(live.map(({uuid}) => uuid)), new Set(live.map(({emulator}) => emulator.pid))];
    for (const uuid of this.#runs.keys()) if (!uuids.has(uuid)) this.#runs.delete(uuid);
    for (const pid of this.#places.keys()) if (!pids.has(pid)) this.#places.delete(pid);
  }

  async #readOne(domain: Domain, record: GrantRecord): Promise<DomainDrift | undefined> {
    const {live, name} = domain;
    if (!live?.confinement) return undefined;
    const {confinement} = live;
    const {pid} = live.emulator;
    const status = readProc(pid, 'status');
    const label = confinement.label ? readProc(pid, 'attr/current')?.replace(/[\0\n]+$/, '') : undefined;
    const credentials = status === undefined ? undefined : parseCredentials(status, label);
    if (!credentials) return undefined;
    const check = async (names: AccountNames) => [
      ...inPart('process', checkConfinement(confinement, credentials, names)),
      ...inPart('label', confinement.label ? checkLabel(confinement, credentials) : []),
      ...(await this.#checkPlace(pid, confinement)),
      ...inPart('files', await this.#checkFiles(domain, live, {credentials, names, record})),
    ];
    const drift = driftOf(await check(NUMBERS));
    return {name, checks: drift.length === 0 ? drift : driftOf(await check(await readAccountNames()))};
  }

  async #checkPlace(pid: number, {cgroup: asked}: Confinement): Promise<readonly PartCheck[]> {
    if (!asked) return [];
    const cgroup = readProc(pid, 'cgroup') ?? '';
    const before = this.#places.get(pid);
    const nowMs = performance.now();
    const ageMs = asked.kind === 'v1' ? 0 : LIST_AGE_MS;
    const isOld = !before || nowMs - before.atMs >= ageMs || before.asked !== asked;
    if (!isOld && before.cgroup === cgroup) return before.checks;
    const checks = inPart('devices', checkCgroup(asked, await observeCgroup(pid, asked), pid));
    this.#places.set(pid, {cgroup, asked, checks, atMs: nowMs});
    return checks;
  }

  async #checkFiles(
    domain: Domain,
    live: LiveStatus,
    {credentials, names, record}: {credentials: ProcessCredentials; names: AccountNames; record: GrantRecord},
  ) {
    const files = this.#filesOf(live, record);
    const seen = await this.#context.looker.look(files);
    const context = {actor: actorOf(live, credentials), names, domain: domain.name};
    return files.flatMap((file, index) => {
      const found = seen[index];
      return found ? [checkFile(file, found, context)] : [];
    });
  }

  #filesOf({uuid, liveXml}: LiveStatus, record: GrantRecord): readonly ListedFile[] {
    const before = this.#runs.get(uuid);
    if (before?.liveXml === liveXml && before.record === record) return before.files;
    const {paths, defaults} = this.#context;
    const {def} = liveXml === '' ? {} : parseDomain(liveXml, {...defaults, live: true});
    const files = def ? usedFiles(def, {paths, tree: hostTree(), mounts: readMounts(), record}) : [];
    this.#runs.set(uuid, {liveXml, record, files});
    return files;
  }

  /** The registry is replaced as a whole when it changes. */
  async #grants(): Promise<GrantRecord> {
    const path = grantRegistry(this.#context.paths);
    const version = versionOf(path);
    if (version !== this.#record.version) this.#record = {version, record: await readGrants(path)};
    return this.#record.record;
  }
}

const NUMBERS: AccountNames = {user: String, group: String};

function versionOf(path: string): string {
  const stats = statSync(path, {bigint: true, throwIfNoEntry: false});
  return stats ? `${stats.ino} ${stats.ctimeNs}` : 'none';
}

/** At once: the kernel answers these from its memory. */
function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return undefined; // it has ended, or its label is hidden
  }
}
