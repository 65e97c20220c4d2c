import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {parseUnixSockets} from '../../src/driver/foreign/socket-holders.ts';
import {waitForChange} from '../../src/host/wait-for.ts';
import {QEMU} from '../driver/driver-harness.ts';
import {writeBootSectorImage} from '../guests/boot-sector/boot-sector.ts';
import type {TempRoot} from '../support/temp-root.ts';

const DEADLINE_MS = 15_000;

/** An emulator that nobody but the test has started: the boot sector guest, with a folder of its own. */
export class ForeignEmulator {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, pid: number, directory: string) {
    this.#child = child;
    this.pid = pid;
    this.#directory = directory;
  }

  /**
   * Starts it and waits for its sockets.
   *
   * @param options  `%` stands for its folder
   * @param sockets  names in the folder that it will listen on
   * @param wrapper  a program with its arguments that becomes the emulator, whose command line stands behind it
   */
  static async start(
    root: TempRoot,
    options: string,
    sockets: readonly string[] = [],
    wrapper: readonly string[] = [],
  ): Promise<ForeignEmulator> {
    const directory = root.path;
    const image = root.join('foreign.img');
    if (!existsSync(image)) writeBootSectorImage(image);
    const machine = `-machine pc,accel=tcg -m 16 -display none -drive file=${image},format=raw,if=ide,readonly=off`;
    const words = `${machine} ${options.replaceAll('%', directory)}`.split(' ');
    const [program = QEMU, ...args] = [...wrapper, QEMU, ...words];
    const child = spawn(program, args, {stdio: 'ignore', cwd: directory});
    await once(child, 'spawn');
    const emulator = new ForeignEmulator(child, child.pid ?? 0, directory);
    for (const socket of sockets) await emulator.#untilListening(socket);
    return emulator;
  }

  /** A socket has its file before it listens. */
  async #untilListening(name: string): Promise<void> {
    const path = `${this.#directory}/${name}`;
    const listens = async () => {
      const sockets = parseUnixSockets(readFileSync('/proc/net/unix', 'utf8'));
      return sockets.some(socket => socket.path === path && socket.state === 'listening') || undefined;
    };
    if (!(await waitForChange(this.#directory, listens, {timeoutMs: DEADLINE_MS})))
      throw new Error(`the emulator does not listen on ${path}`);
  }

  /** Ends it, or sees that it has ended. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}
