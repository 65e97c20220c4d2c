import {readFileSync, statSync} from 'node:fs';
import {errnoOf} from '../../host/files.ts';
import {hostTree} from '../../host/host-tree.ts';
import {readMounts} from '../../host/mounts.ts';
import {type AccountNames, readAccountNames} from '../../host/users.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import {
  type CheckPart,
  type DomainDrift,
  driftOf,
  inPart,
  type PartCheck,
  type ProcessCredentials,
  type SecurityCheck,
} from '../../model/security-report.ts';
import {checkCgroup} from '../../security/cgroup/check-cgroup.ts';
import {checkConfinement, checkLabel} from '../../security/check-confinement.ts';
import {checkFile, type SeenFile} from '../../security/check-file.ts';
import {parseCredentials} from '../../security/parse-status.ts';
import {observeCgroup} from '../cgroup/observe-cgroup.ts';
import type {Domain} from '../domain.ts';
import {type GrantRecord, NO_GRANTS, readGrants} from '../grants/grant-registry.ts';
import {grantRegistry} from '../instance-paths.ts';
import type {Confinement, LiveStatus} from '../live-status.ts';
import {actorOf, type ObserveContext} from './observe-security.ts';
import {type ListedFile, usedFiles} from './used-files.ts';

/** What was found out from texts of the kernel: it is so while these are the same. */
interface Known<T> {
  readonly texts: string;
  readonly asked: Confinement;
  readonly found: T;
  readonly atMs: number;
}

/** The files of a run: they are the same while its definition and what it was given are. */
interface KnownFiles {
  readonly liveXml: string;
  readonly record: GrantRecord;
  readonly files: readonly ListedFile[];
}

/** A running guest at one look. */
interface Look {
  readonly name: string;
  readonly live: LiveStatus;
  readonly confinement: Confinement;
  readonly credentials: ProcessCredentials;
  readonly files: readonly ListedFile[];
}

/** A list that takes a program to be read is read again after this time; the group that a process is in, at each look. */
const LIST_AGE_MS = 30_000;

/**
 * Compares the running domains of an instance with what was asked, again and again: of each it reads three files of the
 * kernel and looks at the files that it uses. What takes a program or a parser is kept for as long as it cannot have changed.
 */
export class DriftWatch {
  readonly #context: ObserveContext;
  readonly #credentials = new Map<number, Known<ProcessCredentials>>();
  readonly #places = new Map<number, Known<readonly SecurityCheck[]>>();
  readonly #files = new Map<number, KnownFiles>();
  #record: {readonly version: string; readonly record: GrantRecord} = {version: '', record: NO_GRANTS};

  constructor(context: ObserveContext) {
    this.#context = context;
  }

  /** What differs, of each domain that runs and was started by this instance. Those that end meanwhile are left out. */
  async read(domains: readonly Domain[]): Promise<readonly DomainDrift[]> {
    const record = await this.#grants();
    const looks = domains.flatMap(domain => this.#begin(domain, record) ?? []);
    this.#forget(new Set(looks.map(({live}) => live.emulator.pid)));
    const seen = await this.#context.looker.look(looks.flatMap(({files}) => files));
    let first = 0;
    return Promise.all(
      looks.map(look => {
        const own = seen.slice(first, first + look.files.length);
        first += own.length;
        return this.#finish(look, own);
      }),
    );
  }

  #forget(pids: ReadonlySet<number>): void {
    for (const known of [this.#credentials, this.#places, this.#files]) {
      for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid);
    }
  }

  #begin({name, live}: Domain, record: GrantRecord): Look | undefined {
    if (!live?.confinement) return undefined;
    const {confinement} = live;
    const credentials = this.#credentialsOf(live.emulator.pid, confinement);
    return credentials && {name, live, confinement, credentials, files: this.#filesOf(live, record)};
  }

  async #finish(look: Look, seen: readonly SeenFile[]): Promise<DomainDrift> {
    const {name, live, confinement, credentials, files} = look;
    const place = await this.#checkPlace(live.emulator.pid, confinement);
    const actor = actorOf(live, credentials);
    const drifting = (names: AccountNames): readonly PartCheck[] => [
      ...drift('process', checkConfinement(confinement, credentials, names)),
      ...drift('label', confinement.label ? checkLabel(confinement, credentials) : []),
      ...drift('devices', place),
      ...drift(
        'files',
        files.flatMap((file, index) => {
          const found = seen[index];
          return found ? [checkFile(file, found, {actor, names, domain: name})] : [];
        }),
      ),
    ];
    const checks = drifting(NUMBERS);
    return {name, checks: checks.length === 0 ? checks : drifting(await readAccountNames())};
  }

  #credentialsOf(pid: number, asked: Confinement): ProcessCredentials | undefined {
    const status = readNow(`/proc/${pid}/status`);
    if (status === undefined) return undefined;
    const label = asked.label ? readNow(`/proc/${pid}/attr/current`)?.replace(/[\0\n]+$/, '') : undefined;
    const texts = `${status.match(CREDENTIAL_LINES)?.join('\n')}\n${label ?? ''}`;
    const known = this.#credentials.get(pid);
    if (known?.texts === texts && known.asked === asked) return known.found;
    const found = parseCredentials(status, label);
    if (found) this.#credentials.set(pid, {texts, asked, found, atMs: 0});
    return found;
  }

  async #checkPlace(pid: number, asked: Confinement): Promise<readonly SecurityCheck[]> {
    const {cgroup} = asked;
    if (!cgroup) return [];
    const list = cgroup.kind === 'v1' ? readNow(`${cgroup.path}/devices.list`) : '';
    const texts = `${readNow(`/proc/${pid}/cgroup`) ?? ''}\n${list}`;
    const nowMs = performance.now();
    const known = this.#places.get(pid);
    const isNew = known && (cgroup.kind === 'v1' || nowMs - known.atMs < LIST_AGE_MS);
    if (isNew && known.texts === texts && known.asked === asked) return known.found;
    const found = checkCgroup(cgroup, await observeCgroup(pid, cgroup), pid);
    this.#places.set(pid, {texts, asked, found, atMs: nowMs});
    return found;
  }

  #filesOf({emulator, liveXml}: LiveStatus, record: GrantRecord): readonly ListedFile[] {
    const known = this.#files.get(emulator.pid);
    if (known?.liveXml === liveXml && known.record === record) return known.files;
    const {paths, defaults} = this.#context;
    const {def} = liveXml === '' ? {} : parseDomain(liveXml, {...defaults, live: true});
    const files = def ? usedFiles(def, {paths, tree: hostTree(), mounts: readMounts(), record}) : [];
    this.#files.set(emulator.pid, {liveXml, record, files});
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

/** The lines of `/proc/PID/status` that do not change while a process works. */
const CREDENTIAL_LINES = /^(?:Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp(?:_filters)?):.*$/gm;

function drift(part: CheckPart, checks: readonly SecurityCheck[]): readonly PartCheck[] {
  return driftOf(inPart(part, checks));
}

function versionOf(path: string): string {
  const stats = statSync(path, {bigint: true, throwIfNoEntry: false});
  return stats ? `${stats.ino} ${stats.ctimeNs}` : 'none';
}

/** At once: the kernel answers these from its memory. */
function readNow(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined; // it has ended, or this user may not look
  }
}
