import {closeSync, constants, fstatSync, openSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {VirtError} from '../base/virt-error.ts';
import {HmpClient} from './hmp-client.ts';
import {QmpClient} from './qmp-client.ts';

/** Opens a file without being given anything of it. Source: Linux, include/uapi/asm-generic/fcntl.h. */
const O_PATH = 0o10_000_000;

/**
 * Connects to a unix socket. It may be in a folder of the guest's own: a link there, which could lead to a socket of
 * somebody else, is not followed, so what is connected to is what was looked at.
 *
 * @throws {VirtError} OPERATION_FAILED; its cause has the system's `code`
 */
export async function connectUnixSocket(path: string): Promise<Socket> {
  const failed = (cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new VirtError('OPERATION_FAILED', 'QEMU', `cannot connect to the monitor '${path}': ${why}`, {cause});
  };
  let fd: number;
  try {
    fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
  } catch (error) {
    throw failed(error);
  }
  // Between the connection and whoever takes it nothing may be waited for: nobody would hear an error of it.
  try {
    if (!fstatSync(fd).isSocket()) throw failed(new Error('it is no socket'));
    return await connectTo(`/proc/self/fd/${fd}`, failed);
  } finally {
    closeSync(fd);
  }
}

function connectTo(path: string, failed: (cause: unknown) => VirtError): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({path});
    const handleError = (error: Error) => reject(failed(error));
    socket.once('error', handleError);
    socket.once('connect', () => {
      socket.off('error', handleError);
      resolve(socket);
    });
  });
}

export interface ConnectOptions {
  /** For all of it: connecting, and the emulator's greeting. */
  readonly timeoutMs: number;
  /** How to connect, when not once and for all. */
  readonly connect?: () => Promise<Socket>;
  readonly signal?: AbortSignal;
  /** An emulator that has built its machine greets at once; one that did not in this time is asked on a new connection. */
  readonly greetingTimeoutMs?: number;
}

const GREETING_TIMEOUT_MS = 2_000;

/**
 * Connects to a QMP monitor and leaves it ready for commands. A connection without a greeting is given up for a new one:
 * an emulator that had started in order was seen to greet nobody on its first connection (7.2, once in some hundred starts).
 *
 * @throws {VirtError} OPERATION_FAILED when nobody listens or the emulator ends, OPERATION_TIMEOUT without a greeting in time
 */
export async function connectQmp(path: string, options: ConnectOptions): Promise<QmpClient> {
  const deadline = performance.now() + options.timeoutMs;
  const greetingTimeoutMs = options.greetingTimeoutMs ?? GREETING_TIMEOUT_MS;
  const connectOnce = options.connect ?? (() => connectUnixSocket(path));
  for (;;) {
    const monitor = new QmpClient(await connectOnce());
    try {
      const leftMs = deadline - performance.now();
      const signal = options.signal ? {signal: options.signal} : {};
      await monitor.negotiate({timeoutMs: Math.max(1, Math.min(greetingTimeoutMs, leftMs)), ...signal});
      return monitor;
    } catch (error) {
      monitor.dispose();
      const mayRetry = error instanceof VirtError && error.code === 'OPERATION_TIMEOUT' && performance.now() < deadline;
      if (!mayRetry) throw error;
    }
  }
}

export interface HmpConnectOptions {
  /** For all of it: connecting, and the first prompt. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes a client of a connection to a text monitor, ready for commands.
 *
 * @param stream  a pty that was made raw, or a socket; it is the client's from now on
 * @throws {VirtError} OPERATION_FAILED when the emulator ends, OPERATION_TIMEOUT without a prompt in time
 */
export async function connectHmp(stream: Duplex, options: HmpConnectOptions): Promise<HmpClient> {
  const monitor = new HmpClient(stream);
  try {
    await monitor.waitForPrompt(options);
    return monitor;
  } catch (error) {
    monitor.dispose();
    throw error;
  }
}
