import {randomBytes} from 'node:crypto';
import type {Socket} from 'node:net';
import {VirtError} from '../../src/base/virt-error.ts';
import {connectUnixSocket} from '../../src/monitor/connect-monitor.ts';

/** A line for the agent in the VM: a word that its answer ends with, and a script for bash. */
export function agentRequest(nonce: string, script: string): string {
  return `${nonce} ${Buffer.from(script).toString('base64')}\n`;
}

/**
 * Tells a script's output from the line that ends it, `NONCE STATUS` after a line end.
 * Output goes on as it comes, but for what may be the beginning of that line.
 */
export class AgentAnswer {
  readonly #mark: Buffer;
  readonly #onOutput: (bytes: Buffer) => void;
  #held = Buffer.alloc(0);

  constructor(nonce: string, onOutput: (bytes: Buffer) => void) {
    this.#mark = Buffer.from(`\n${nonce} `);
    this.#onOutput = onOutput;
  }

  /** @returns the exit status, when these bytes end the answer */
  push(bytes: Buffer): number | undefined {
    this.#held = Buffer.concat([this.#held, bytes]);
    const at = this.#held.indexOf(this.#mark);
    if (at < 0) this.#pass(this.#held.length - this.#mark.length);
    const end = at < 0 ? -1 : this.#held.indexOf('\n', at + this.#mark.length);
    if (end < 0) return undefined;
    const status = Number(this.#held.subarray(at + this.#mark.length, end).toString());
    this.#pass(at);
    return status;
  }

  #pass(length: number): void {
    if (length <= 0) return;
    this.#onOutput(this.#held.subarray(0, length));
    this.#held = this.#held.subarray(length);
  }
}

export interface ScriptOptions {
  readonly timeoutMs: number;
  readonly onOutput?: (bytes: Buffer) => void;
}

/** How a script in the VM ended, with what it wrote to both of its outputs. */
export interface ScriptEnd {
  readonly status: number;
  readonly output: string;
}

/**
 * Runs a script in the VM as its administrator (root in `unconfined_t`, every category). One at a time: the port has one line.
 *
 * @param socketPath  QEMU's socket of the port `vm-agent`
 * @throws {VirtError} OPERATION_TIMEOUT, OPERATION_FAILED when the VM ends before
 */
export async function runScript(socketPath: string, script: string, options: ScriptOptions): Promise<ScriptEnd> {
  const socket = await connectUnixSocket(socketPath);
  const nonce = `vm-${randomBytes(8).toString('hex')}`;
  const output: Buffer[] = [];
  const answer = new AgentAnswer(nonce, bytes => {
    output.push(Buffer.from(bytes));
    options.onOutput?.(bytes);
  });
  socket.write(agentRequest(nonce, script));
  try {
    const status = await readAnswer(socket, answer, options.timeoutMs);
    return {status, output: Buffer.concat(output).toString()};
  } finally {
    socket.destroy();
  }
}

function readAnswer(socket: Socket, answer: AgentAnswer, timeoutMs: number): Promise<number> {
  const {promise, resolve, reject} = Promise.withResolvers<number>();
  const timer = setTimeout(() => {
    reject(new VirtError('OPERATION_TIMEOUT', 'QEMU', `the SELinux VM did not answer in ${timeoutMs / 1000} s`));
  }, timeoutMs);
  socket.on('data', (bytes: Buffer) => {
    const status = answer.push(bytes);
    if (status !== undefined) resolve(status);
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new VirtError('OPERATION_FAILED', 'QEMU', 'the SELinux VM ended')));
  return promise.finally(() => clearTimeout(timer));
}
