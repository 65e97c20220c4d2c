import {scopePrefix} from '../security/cgroup/scope-command.ts';
import type {Confinement} from './live-status.ts';
import type {MemoryLock} from './memory-lock.ts';

/**
 * The small shell between virtty and an emulator. It outlives virtty, so that there is somebody who learns how the
 * emulator ended and writes it down, and nobody waits for a zombie. Its arguments: the domain's log, the file for the
 * exit status, how much memory the emulator may lock (KiB; nothing: as much as virtty), the file by which one joins its control
 * group (nothing: none), then the emulator and its arguments.
 *
 * The inner shell joins the group, or ends; it says its pid on the pty and becomes the emulator. A limit that it may not raise the emulator finds out.
 */
const KEEPER = `log=$1 result=$2 lock=$3 group=$4; shift 4
[ -z "$lock" ] || ulimit -l "$lock" 2>/dev/null
sh -c '[ -z "$1" ] || echo "$$" >"$1" || exit; shift
printf "virtty: pid %d\\n" "$$"; exec "$@" 2>>"$0"' "$log" "$group" "$@" </dev/null
status=$?
printf '%d\\n' "$status" >"$result"
exit "$status"`;

export interface KeeperOptions {
  readonly logPath: string;
  readonly exitPath: string;
  readonly emulator: string;
  readonly args: readonly string[];
  readonly confinement: Confinement;
  readonly memoryLock?: MemoryLock;
  /** Path of util-linux's setpriv; without it nothing is dropped. */
  readonly setpriv?: string;
  /** The words that call systemd-run, for a confinement by a scope. */
  readonly systemdRun?: readonly string[];
}

/** The command that starts an emulator under its keeper. */
export function keeperCommand(options: KeeperOptions): {readonly file: string; readonly args: readonly string[]} {
  const {confinement, setpriv, systemdRun} = options;
  const target = [
    ...scopeWords(confinement.cgroup, systemdRun),
    ...confinementPrefix(confinement, setpriv),
    options.emulator,
    ...options.args,
  ];
  const lock = options.memoryLock === undefined ? '' : String(options.memoryLock);
  const {cgroup} = confinement;
  const group = cgroup && cgroup.kind !== 'scope' ? `${cgroup.path}/cgroup.procs` : '';
  return {
    file: '/bin/sh',
    args: ['-c', KEEPER, 'virtty-keeper', options.logPath, options.exitPath, lock, group, ...target],
  };
}

/** A scope that cannot be asked for is a start that fails, not a guest without its list. */
function scopeWords(cgroup: Confinement['cgroup'], systemdRun: readonly string[] = ['systemd-run']): readonly string[] {
  return cgroup?.kind === 'scope' ? scopePrefix(systemdRun, cgroup.unit, cgroup.devices) : [];
}

/** util-linux's. */
export const SETPRIV = '/usr/bin/setpriv';

/**
 * Words before a command that become the guest's user and drop what the confinement says, immediately before the program
 * is executed.
 *
 * @param setpriv  without it nothing can be dropped; a confinement with groups needs it
 * @see setpriv(1), util-linux 2.38
 */
export function confinementPrefix(
  confinement: Omit<Confinement, 'seccomp'>,
  setpriv: string | undefined,
): readonly string[] {
  if (!setpriv) return [];
  const drops = confinement.dropCapabilities ? ['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'] : [];
  const privileges = confinement.noNewPrivs ? ['--no-new-privs'] : [];
  const label = confinement.label ? ['--selinux-label', confinement.label.label] : [];
  const all = [...becoming(confinement), ...drops, ...privileges, ...label];
  return all.length === 0 ? [] : [setpriv, ...all];
}

/** Only root, which names the groups, can become somebody. */
function becoming({uid, gid, groups}: Pick<Confinement, 'uid' | 'gid' | 'groups'>): readonly string[] {
  if (groups === undefined) return [];
  const also = groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')];
  return ['--reuid', String(uid), '--regid', String(gid), ...also];
}

/** The pid that the keeper announced on its pty, when it has. */
export function parseKeeperPid(output: string): number | undefined {
  const match = /^virtty: pid (\d+)\r?$/m.exec(output);
  return match ? Number(match[1]) : undefined;
}
