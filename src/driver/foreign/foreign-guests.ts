import type {Problem} from '../../base/problem.ts';
import {VirtError} from '../../base/virt-error.ts';
import {readTextNow} from '../../host/files.ts';
import {isAlive, type ProcessIdentity, readProcess} from '../../host/proc.ts';
import {readProcessCommand} from '../../host/process-command.ts';
import {
  bootTimeMs,
  type ListedProcess,
  listPids,
  lookAtProcess,
  type ProcessSurroundings,
  readSurroundings,
  startTimeMs,
} from '../../host/process-list.ts';
import {type AccountNames, readAccountNames} from '../../host/users.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {DomainState} from '../../model/domain-state.ts';
import {NO_NAME, NO_UUID} from '../argv-parse/unnamed.ts';
import {commandToDomain} from '../convert/process-to-domain.ts';
import {Domain} from '../domain.ts';
import type {DomainTable} from '../domain-table.ts';
import type {InstancePaths} from '../instance-paths.ts';
import {fileName} from './file-name.ts';
import {askState} from './foreign-monitor.ts';
import {foreignStatus} from './foreign-status.ts';
import type {FoundGuest} from './found-guest.ts';
import {guestChannels} from './guest-channels.ts';
import {isGuestProcess} from './is-guest-process.ts';
import {ptysOf, SocketTable} from './reach.ts';
import {abilityOf, firstLineReach, monitorReach} from './reachable-channels.ts';
import {whoRuns} from './who-runs.ts';

export interface ForeignGuestsOptions {
  readonly table: DomainTable;
  readonly paths: InstancePaths;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
}

/** When a process that was no emulator was first and last looked at. */
interface Sighting {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A process that is no emulator may become one by exec(2): it is looked at again when it is twice as old, or at the latest after this. */
const LOOK_AGAIN_MS = 60_000;

/**
 * The guests on this host that something else started. One look reads the list of processes and the command lines of those
 * that are new; nothing is read while nobody asks.
 */
export class ForeignGuests {
  readonly #options: ForeignGuestsOptions;
  readonly #found = new Map<number, FoundGuest>();
  readonly #others = new Map<number, Sighting>();
  #looking: Promise<void> | undefined;

  constructor(options: ForeignGuestsOptions) {
    this.#options = options;
  }

  /** Looks at what has changed; a second call while one is under way is the same look. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /**
   * By its name, its pid, or what stands before the `@PID` where only one has that name.
   *
   * @throws {VirtError} INVALID_ARG where several have it
   */
  find(text: string): FoundGuest | undefined {
    const all = [...this.#found.values()];
    const exact = all.find(({domain, process}) => domain.name === text || String(process.pid) === text);
    if (exact) return exact;
    const named = all.filter(({domain, process}) => domain.name === `${text}@${process.pid}`);
    if (named.length <= 1) return named[0];
    const pids = named.map(({process}) => process.pid).join(', ');
    const message = `cannot choose one of ${named.length} guests of others that are called '${text}'`;
    throw new VirtError('INVALID_ARG', 'QEMU', message, {hint: `name its process: ${pids}`});
  }

  /** Looks, then finds; a monitor that is free is asked for the state. */
  async lookUp(text: string): Promise<FoundGuest | undefined> {
    await this.look();
    const found = this.find(text);
    if (found && (await askState(found.domain))) this.#options.table.foreignChanged(found.domain);
    return found;
  }

  async #look(): Promise<void> {
    const {now} = this.#options;
    const pids = listPids();
    const runs = this.#ownRuns();
    this.#forgetGone(new Set(pids), runs);
    const fresh = pids
      .filter(pid => !this.#found.has(pid) && this.#isDue(pid, now()))
      .flatMap(pid => this.#sight(pid, now(), runs));
    if (fresh.length > 0) {
      const names = await readAccountNames();
      await Promise.all(fresh.map(process => this.#add(process, names)));
    }
    this.#refresh();
  }

  #isDue(pid: number, nowMs: number): boolean {
    const seen = this.#others.get(pid);
    if (!seen) return true;
    const ageMs = seen.lastMs - seen.firstMs;
    return nowMs - seen.lastMs >= Math.min(ageMs, LOOK_AGAIN_MS);
  }

  #sight(pid: number, nowMs: number, runs: ReadonlySet<string>): readonly ListedProcess[] {
    const process = lookAtProcess(pid);
    if (process && isGuestProcess(process.words, process.executable) && !this.#isOwn(process, runs)) {
      this.#others.delete(pid);
      return [process];
    }
    this.#others.set(pid, {firstMs: this.#others.get(pid)?.firstMs ?? nowMs, lastMs: nowMs});
    return [];
  }

  /** This instance's; one that is being started has no run yet, but the folder of one of its domains in its command line. */
  #isOwn(process: ListedProcess, runs: ReadonlySet<string>): boolean {
    const {table, paths} = this.#options;
    if (runs.has(identityText(process))) return true;
    const head = `${paths.run}/`;
    return process.words.some(word => {
      const at = word.indexOf(head);
      const domain = at < 0 ? undefined : table.byUuid(word.slice(at + head.length).slice(0, NO_UUID.length));
      return domain !== undefined && domain.live === undefined;
    });
  }

  /** The processes of this instance's runs. */
  #ownRuns(): ReadonlySet<string> {
    return new Set(this.#options.table.all().flatMap(({live}) => (live ? [identityText(live.emulator)] : [])));
  }

  #forgetGone(pids: ReadonlySet<number>, runs: ReadonlySet<string>): void {
    for (const pid of this.#others.keys()) if (!pids.has(pid)) this.#others.delete(pid);
    for (const [pid, {process, domain}] of this.#found) {
      if (pids.has(pid) && isAlive(process) && !runs.has(identityText(process))) continue;
      this.#found.delete(pid);
      this.#options.table.foreignGone(domain);
    }
  }

  async #add(process: ListedProcess, names: AccountNames): Promise<void> {
    const surroundings = readSurroundings(process.pid);
    if (!surroundings) return; // it has ended meanwhile
    const found = await readGuest(process, surroundings, names);
    this.#found.set(process.pid, found);
  }

  /** What may be different at each look: whether its monitor is free, and whether it is stopped. */
  #refresh(): void {
    const sockets = new SocketTable();
    for (const found of this.#found.values()) {
      const {domain, process} = found;
      const {foreign, observed} = domain.parts;
      if (!foreign || !observed) continue;
      const before = JSON.stringify([foreign, observed.state]);
      const monitor = monitorReach(found, sockets);
      domain.parts.foreignMonitor = monitor;
      const {protocol: _before, ...rest} = foreign;
      domain.parts.foreign = {
        ...rest,
        monitor: abilityOf(monitor),
        console: abilityOf(firstLineReach(found, sockets)),
        ...(monitor.is === 'free' ? {protocol: monitor.protocol} : {}),
      };
      domain.parts.observed = {...observed, state: stateByProc(process.pid, observed.state)};
      const isKnown = this.#options.table.hasForeign(domain);
      const after = JSON.stringify([domain.parts.foreign, domain.parts.observed.state]);
      if (!isKnown || before !== after) this.#options.table.foreignChanged(domain);
    }
  }
}

function identityText({pid, startTicks}: ProcessIdentity): string {
  return `${pid} ${startTicks}`;
}

/** Without its monitor a guest is known to run, or to be stopped by a signal; what the monitor said before stays. */
function stateByProc(pid: number, known: DomainState): DomainState {
  const isStopped = readProcess(pid)?.state === 'T';
  if (isStopped) return {is: 'paused', reason: 'unknown'};
  return known.is === 'paused' && known.reason === 'unknown' ? {is: 'running', reason: 'unknown'} : known;
}

async function readGuest(
  process: ListedProcess,
  surroundings: ProcessSurroundings,
  names: AccountNames,
): Promise<FoundGuest> {
  const {pid, words, executable} = process;
  const command = await readProcessCommand(pid);
  const directory = command?.directory;
  const toPath = (path: string) => (path.startsWith('/') || directory === undefined ? path : `${directory}/${path}`);
  const channels = guestChannels(words, toPath);
  const program = executable ?? words[0] ?? '';
  const {def, problems} = convert(command && {...command, words: [program, ...command.words.slice(1)]});
  const own = readTextNow('/proc/self/cgroup');
  const ptys = ptysOf(pid);
  const known = ptys?.length === channels.ptys ? ptys : undefined;
  const status = foreignStatus({
    process,
    name: `${nameOf(words, def) ?? fileName(program)}@${pid}`,
    program,
    startedAtMs: startTimeMs(process, bootTimeMs()),
    lines: channels.lines,
    ptys: known,
    ...(def ? {def} : {}),
  });
  const domain = new Domain(status, {
    observed: status,
    foreign: {
      runner: whoRuns({words, ...surroundings}, own),
      uid: surroundings.uid,
      user: names.user(surroundings.uid),
      problems,
      monitor: true,
      console: true,
    },
  });
  return {process, channels, ptys: known, domain, ...(def ? {def} : {})};
}

/** A command line that cannot be turned into XML has its problems, and is no failure. */
function convert(command: Parameters<typeof commandToDomain>[0] | undefined): {
  readonly def?: DomainDef;
  readonly problems: readonly Problem[];
} {
  if (!command) return {problems: [problem('its command line cannot be read')]};
  if (!command.isExact) return {problems: [problem('its command line is no UTF-8, which a domain XML is')]};
  const {def, problems} = commandToDomain(command).result;
  return {problems, ...(def ? {def} : {})};
}

function problem(message: string): Problem {
  return {severity: 'error', line: 0, column: 0, message};
}

function nameOf(words: readonly string[], def: DomainDef | undefined): string | undefined {
  if (def) return def.name === NO_NAME ? undefined : def.name;
  const at = words.findIndex(word => word === '-name' || word === '--name');
  const name = at < 0 ? undefined : words[at + 1]?.replace(/^guest=/, '').split(',')[0];
  return name || undefined;
}
