import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync} from 'node:fs';
import {waitForChange} from '../../src/host/wait-for.ts';

const SYSTEMD = '/lib/systemd/systemd';
const DEADLINE_MS = 20_000;

/** What of the machine a systemd of a test needs; undefined when all of it is there. */
export function whyNoSystemd(unifiedGroup: string | undefined): string | undefined {
  if (unifiedGroup === undefined) return 'cgroup2';
  const missing = [SYSTEMD, '/usr/bin/systemd-run', '/usr/bin/unshare', '/usr/bin/nsenter'];
  return missing.find(path => !existsSync(path));
}

/**
 * In namespaces of its own: a tree of control groups of version 2 alone that begins at a new group, an own `/run`, and no
 * unit of the host's but an empty target.
 */
const SETUP = `umount -R -l /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup && mount -t tmpfs tmpfs /run || exit
mkdir -p /run/units /run/lock && printf '[Unit]\\nDefaultDependencies=no\\n' >/run/units/empty.target
container=lxc SYSTEMD_UNIT_PATH=/run/units exec ${SYSTEMD} --system --unit=empty.target --log-target=null`;

/** A systemd that has begun a small host of its own, beside which programs of a test run. It is root's. */
export class NestedSystemd {
  readonly #group: string;
  readonly #child: ChildProcess;
  #pid = 0;

  private constructor(group: string, child: ChildProcess) {
    this.#group = group;
    this.#child = child;
  }

  /** @param parent  the group of version 2 below which it gets its own */
  static async start(parent: string): Promise<NestedSystemd> {
    const group = `${parent}/virtty-test-${process.pid}`;
    mkdirSync(group);
    const unshare = 'exec unshare --cgroup --mount --pid --fork --mount-proc sh -c "$1"';
    const child = spawn('sh', ['-c', `echo $$ >${group}/cgroup.procs && ${unshare}`, 'sh', SETUP], {stdio: 'ignore'});
    const systemd = new NestedSystemd(group, child);
    const begun = await waitForChange('/proc', async () => systemd.#hasBegun() || undefined, {timeoutMs: DEADLINE_MS});
    if (begun) return systemd;
    await systemd.stop();
    throw new Error(`systemd has not begun within ${DEADLINE_MS / 1000} s`);
  }

  /** The words that run a command beside it, in a group that is no other's. */
  wrap(command: readonly string[]): readonly string[] {
    const join = `mkdir -p ${this.#group}/test.slice/t && echo $$ >${this.#group}/test.slice/t/cgroup.procs && exec "$@"`;
    return ['sh', '-c', join, 'sh', 'nsenter', '-t', `${this.#pid}`, '-m', '-p', '-C', ...command];
  }

  /** Runs a command beside it to its end. @throws {Error} when it fails, with its output */
  run(...command: readonly string[]): string {
    const [program = '', ...args] = this.wrap(command);
    return execFileSync(program, args, {encoding: 'utf8', stdio: 'pipe'});
  }

  /** Ends it with everything in its namespaces, and removes its groups. */
  async stop(): Promise<void> {
    const ended = this.#child.exitCode === null && new Promise(resolve => this.#child.once('exit', resolve));
    if (this.#pid === 0) this.#child.kill('SIGKILL');
    else process.kill(this.#pid, 'SIGKILL');
    await ended;
    await waitForChange('/proc', async () => removeTree(this.#group) || undefined, {timeoutMs: DEADLINE_MS});
  }

  #hasBegun(): boolean {
    const children = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'utf8');
    this.#pid = Number(children.trim().split(' ')[0]);
    if (this.#pid === 0) return false;
    const [program = '', ...args] = ['nsenter', '-t', `${this.#pid}`, '-m', '-p', 'systemctl', 'is-system-running'];
    return spawnSync(program, args, {encoding: 'utf8'}).stdout === 'running\n';
  }
}

/** @returns false while a process is in it */
function removeTree(path: string): boolean {
  if (!existsSync(path)) return true;
  const inner = readdirSync(path, {withFileTypes: true}).filter(entry => entry.isDirectory());
  if (!inner.every(({name}) => removeTree(`${path}/${name}`))) return false;
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false; // busy: looked at again
  }
}
