import {spawn} from 'node:child_process';
import {closeSync, constants as fsConstants, openSync} from 'node:fs';
import {constants as osConstants} from 'node:os';
import type {ReadStream} from 'node:tty';
import {type Disposable, disposable} from '../base/disposable.ts';
import {closeOtherSlaves, openDescriptors} from './tty-descriptor.ts';

/** A child on a pty of its own, detached: it outlives this process and has no controlling terminal. */
export interface DetachedChild extends Disposable {
  readonly pid: number;
  /** Settles when the child has ended, with its exit code, or 128 + signal. */
  readonly exited: Promise<number>;
  /** What the child printed on its pty so far, the newest 64 Ki characters. */
  output(): string;
  onOutput(listener: () => void): Disposable;
  /** Ends it and what it has started at once; nothing to do when it has ended. */
  kill(): void;
}

export interface SpawnOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Open files of this process that the child inherits, by their numbers there, from 3 on. */
  readonly inherited?: ReadonlyMap<number, number>;
}

const MAX_OUTPUT_CHARS = 64 * 1024;

/**
 * Starts a program in a session of its own, its output on a pty that this process reads.
 * Disposing closes the pty and leaves the child alone.
 *
 * @throws {Error} of the operating system when the program cannot be started
 */
export async function spawnDetachedOnPty(options: SpawnOptions): Promise<DetachedChild> {
  const {open} = await import('node-pty');
  const {master, slave, ptsName} = open({cols: 200, rows: 50, encoding: 'utf8'});
  closeOtherSlaves(slave, ptsName);
  const slaveFd = openSync(ptsName, fsConstants.O_RDWR | fsConstants.O_NOCTTY);
  const nullFd = openSync('/dev/null', fsConstants.O_RDWR);
  try {
    const child = spawn(options.file, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: childDescriptors(slaveFd, nullFd, options.inherited ?? new Map()),
    });
    const exited = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)));
    });
    exited.catch(() => {}); // told to whoever waits for it
    if (child.pid === undefined) throw await exited.then(() => new Error(`${options.file} did not start`));
    child.unref();
    const {pid} = child;
    const kill = () => {
      // Not reaped yet: the number cannot belong to another process.
      if (child.exitCode === null && child.signalCode === null && pid > 1) process.kill(-pid, 'SIGKILL');
    };
    return {pid, exited, ...readOutput(master), kill, dispose: () => master.destroy()};
  } catch (error) {
    master.destroy();
    throw error;
  } finally {
    closeSync(slaveFd);
    closeSync(nullFd);
    slave.destroy();
  }
}

function readOutput(master: ReadStream): Pick<DetachedChild, 'output' | 'onOutput'> {
  let text = '';
  const listeners = new Set<() => void>();
  master.unref();
  master.on('data', (chunk: string | Buffer) => {
    text = (text + String(chunk)).slice(-MAX_OUTPUT_CHARS);
    for (const listener of listeners) listener();
  });
  master.on('error', () => {}); // EIO: the last writer has closed the pty
  return {
    output: () => text,
    onOutput(listener) {
      listeners.add(listener);
      return disposable(() => listeners.delete(listener));
    },
  };
}

/**
 * Standard descriptors on the pty, what is inherited, and every pty master of this process covered with /dev/null:
 * node-pty 1.1.0 opens masters without FD_CLOEXEC, and a guest that holds one keeps that pty open for good.
 */
function childDescriptors(
  slaveFd: number,
  nullFd: number,
  inherited: ReadonlyMap<number, number>,
): ('ignore' | number)[] {
  const masters = openDescriptors(path => path.endsWith('ptmx')).filter(fd => fd >= 3);
  const covered = new Map([...masters.map(fd => [fd, nullFd] as const), ...inherited]);
  const descriptors: ('ignore' | number)[] = ['ignore', slaveFd, slaveFd];
  for (const [fd, source] of covered) {
    while (descriptors.length < fd) descriptors.push('ignore');
    descriptors[fd] = source;
  }
  return descriptors;
}
