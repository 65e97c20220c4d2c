import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readFileSync, rmSync, watch} from 'node:fs';
import {connect, type Socket} from 'node:net';
import path from 'node:path';

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

/** The command line of a running process. @throws {Error} when there is no such process */
export function commandLineOf(pid: number): CommandLine {
  const [file, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  if (file === undefined) throw new Error(`process ${pid} has no command line: it has ended`);
  return [file, ...args];
}

/** An emulator without anything around it but its monitor: the least that a start can take. */
export class BareEmulator {
  /** From spawning it until it said that its processors run. */
  readonly startMs: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, startMs: number) {
    this.#child = child;
    this.#folder = folder;
    this.startMs = startMs;
  }

  /** Starts it, paused as its command line says, and continues it. The folder of its sockets is made for it. */
  static async start([file, ...args]: CommandLine): Promise<BareEmulator> {
    const socketPath = monitorSocketOf(args);
    const folder = path.dirname(socketPath);
    mkdirSync(folder, {recursive: true});
    const startedAt = performance.now();
    const listening = socketAppears(socketPath);
    const child = spawn(file, args, {stdio: 'ignore'});
    await listening;
    const monitor = await connectWhenListening(socketPath);
    monitor.write('{"execute": "qmp_capabilities"}\n{"execute": "cont"}\n');
    await textFrom(monitor, '"RESUME"');
    const startMs = performance.now() - startedAt;
    monitor.destroy();
    return new BareEmulator(child, folder, startMs);
  }

  /** @returns milliseconds from SIGTERM to its end */
  async terminate(): Promise<number> {
    const ended = once(this.#child, 'exit');
    const start = performance.now();
    this.#child.kill('SIGTERM');
    await ended;
    const elapsedMs = performance.now() - start;
    rmSync(this.#folder, {recursive: true, force: true});
    return elapsedMs;
  }
}

/** The first monitor on the command line: `-chardev socket,id=charmonitor,path=...`. */
function monitorSocketOf(args: readonly string[]): string {
  const found = args.map(arg => /^socket,id=charmonitor,path=([^,]+)/.exec(arg)?.[1]).find(Boolean);
  if (found === undefined) throw new Error(`no charmonitor socket among the arguments ${args.join(' ')}`);
  return found;
}

/** Settles when a name appears in a folder. The watch is on before this returns. */
function socketAppears(socketPath: string): Promise<void> {
  const {promise, resolve} = Promise.withResolvers<void>();
  const watcher = watch(path.dirname(socketPath), (_, name) => {
    if (name === path.basename(socketPath)) resolve();
  });
  return promise.finally(() => watcher.close());
}

/** The name is there a moment before anybody listens. */
async function connectWhenListening(socketPath: string): Promise<Socket> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const socket = connect(socketPath);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

async function textFrom(socket: Socket, wanted: string): Promise<void> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8').iterator({destroyOnReturn: false})) {
    text += chunk;
    if (text.includes(wanted)) return;
  }
  throw new Error(`the monitor closed before it said ${wanted}: ${text}`);
}
