import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {VirtError} from '../../src/base/virt-error.ts';
import {waitForChange} from '../../src/host/wait-for.ts';
import {connectQmp} from '../../src/monitor/connect-monitor.ts';
import type {QmpClient} from '../../src/monitor/qmp-client.ts';
import {isQmpObject} from '../../src/monitor/qmp-json.ts';
import {runScript, type ScriptEnd, type ScriptOptions} from './vm-agent.ts';
import {type CgroupVersion, type VmFiles, vmArgs, vmFiles} from './vm-args.ts';

const BOOT_TIMEOUT_MS = 300_000;
const STATE_TIMEOUT_MS = 120_000;
const SOCKET_TIMEOUT_MS = 20_000;

export interface VmOptions {
  /** Where `build-image.sh` has put the image; frozen machines are kept there, too. */
  readonly folder: string;
  /** What the VM sees as `/mnt/checkout`, read-only. */
  readonly checkout: string;
  readonly cgroup: CgroupVersion;
}

/**
 * A Debian machine whose kernel enforces SELinux. Nothing that happens in it is kept: its disk is a throw-away snapshot.
 * The first start of an image boots it and keeps the booted machine; later ones go on from there in seconds.
 */
export class SelinuxVm {
  readonly #process: ChildProcess;
  readonly #run: string;

  private constructor(process: ChildProcess, run: string) {
    this.#process = process;
    this.#run = run;
  }

  /** @throws {VirtError} OPERATION_FAILED with QEMU's words, OPERATION_TIMEOUT when the agent inside does not answer */
  static async start(options: VmOptions): Promise<SelinuxVm> {
    const files = vmFiles(options.folder, options.cgroup);
    const key = frozenKey(options);
    if (!existsSync(files.frozenKey) || readFileSync(files.frozenKey, 'utf8') !== key)
      await freeze(options, files, key);
    const vm = await SelinuxVm.#launch(options, files, {is: 'resume'});
    try {
      await vm.#settle();
    } catch (error) {
      await vm.stop();
      throw error;
    }
    return vm;
  }

  static async #launch(options: VmOptions, files: VmFiles, origin: Parameters<typeof vmArgs>[0]['origin']) {
    const run = mkdtempSync(path.join(options.folder, 'run-'));
    const args = vmArgs({files, run, checkout: options.checkout, cgroup: options.cgroup, origin});
    const log = openSync(path.join(run, 'qemu.log'), 'a');
    // It dies with whoever tests, and leaves the processor to others.
    const process = spawn('nice', ['setpriv', '--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args], {
      stdio: ['ignore', log, log],
      env: {...globalThis.process.env, TMPDIR: run},
    });
    const vm = new SelinuxVm(process, run);
    try {
      await vm.#waitForSockets();
      await vm.runOrThrow('true', {timeoutMs: BOOT_TIMEOUT_MS});
      return vm;
    } catch (error) {
      const words = readFileSync(path.join(run, 'qemu.log'), 'utf8');
      await vm.stop();
      throw new VirtError('OPERATION_FAILED', 'QEMU', `the SELinux VM did not start: ${words.trim()}`, {cause: error});
    }
  }

  /** QEMU's socket of the agent, for who wants to look into the VM from elsewhere. */
  get agentSocket(): string {
    return path.join(this.#run, 'agent.sock');
  }

  run(script: string, options: ScriptOptions): Promise<ScriptEnd> {
    return runScript(this.agentSocket, script, options);
  }

  /** @throws {VirtError} OPERATION_FAILED also when the script's status is not 0, with what it wrote */
  async runOrThrow(script: string, options: ScriptOptions): Promise<string> {
    const {status, output} = await this.run(script, options);
    if (status === 0) return output;
    throw new VirtError('OPERATION_FAILED', 'QEMU', `'${script}' ended with ${status} in the SELinux VM: ${output}`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = new Promise(resolve => this.#process.once('exit', resolve));
      this.#process.kill('SIGKILL');
      await exited;
    }
    rmSync(this.#run, {recursive: true, force: true});
  }

  /** What a machine that slept must be told: the time, where the checkout is. */
  async #settle(): Promise<void> {
    const mount = 'trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro,context=system_u:object_r:bin_t:s0';
    await this.runOrThrow(
      `set -e; date -s @${Math.ceil(Date.now() / 1000)} >/dev/null
      modprobe -a 9p 9pnet_virtio; mount -t 9p -o ${mount} checkout /mnt/checkout; dmesg -C`,
      {timeoutMs: STATE_TIMEOUT_MS},
    );
  }

  async #waitForSockets(): Promise<void> {
    const there = () => ['agent.sock', 'qmp.sock'].every(name => existsSync(path.join(this.#run, name)));
    const ended = () => this.#process.exitCode !== null;
    await waitForChange(this.#run, async () => (there() || ended() ? true : undefined), {timeoutMs: SOCKET_TIMEOUT_MS});
    if (!there()) throw new VirtError('OPERATION_FAILED', 'QEMU', 'the emulator of the SELinux VM has no sockets');
  }

  /** Boots, and keeps the booted machine and its disk. */
  static async freezeInto(options: VmOptions, files: VmFiles): Promise<void> {
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', files.image, '-F', 'raw', files.frozenDisk]);
    const vm = await SelinuxVm.#launch(options, files, {is: 'freeze'});
    try {
      await vm.run('systemctl is-system-running --wait; sync; echo 3 >/proc/sys/vm/drop_caches; sync', {
        timeoutMs: BOOT_TIMEOUT_MS,
      });
      const monitor = await connectQmp(path.join(vm.#run, 'qmp.sock'), {timeoutMs: SOCKET_TIMEOUT_MS});
      await saveState(monitor, files.frozenState);
    } finally {
      await vm.stop();
    }
  }
}

/** The key is written last: an interrupted freeze is none. */
async function freeze(options: VmOptions, files: VmFiles, key: string): Promise<void> {
  console.error('virtty: booting the SELinux VM once ...');
  for (const file of [files.frozenKey, files.frozenState, files.frozenDisk]) rmSync(file, {force: true});
  await SelinuxVm.freezeInto(options, files);
  writeFileSync(`${files.frozenKey}.new`, key);
  renameSync(`${files.frozenKey}.new`, files.frozenKey);
}

/** What a frozen machine fits: its image, the emulator, the machine that it was frozen in. */
function frozenKey(options: VmOptions): string {
  const files = vmFiles(options.folder, options.cgroup);
  const emulator = execFileSync('qemu-system-x86_64', ['--version'], {encoding: 'utf8'}).split('\n')[0] ?? '';
  const machine = vmArgs({files, run: '', checkout: '', cgroup: options.cgroup, origin: {is: 'freeze'}});
  return [readFileSync(files.imageKey, 'utf8').trim(), emulator, ...machine, ''].join('\n');
}

async function saveState(monitor: QmpClient, file: string): Promise<void> {
  await monitor.execute('migrate-set-parameters', {'max-bandwidth': 1 << 30});
  await monitor.execute('migrate', {uri: `exec:cat > '${file}'`});
  const look = async () => {
    const state = await monitor.execute('query-migrate');
    const status = isQmpObject(state) ? state.status : undefined;
    if (status === 'failed' || status === 'cancelled')
      throw new VirtError('OPERATION_FAILED', 'QEMU', `the SELinux VM cannot be frozen: ${JSON.stringify(state)}`);
    return status === 'completed' ? true : undefined;
  };
  const done = await waitForChange(path.dirname(file), look, {timeoutMs: STATE_TIMEOUT_MS, recheckMs: 100});
  monitor.dispose();
  if (!done) throw new VirtError('OPERATION_TIMEOUT', 'QEMU', 'the SELinux VM took too long to be frozen');
}
