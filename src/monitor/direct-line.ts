import type {Disposable} from '../base/disposable.ts';
import {VirtError} from '../base/virt-error.ts';
import type {ConsoleHost, LineEnd} from '../host/console-host.ts';
import type {ConsoleDevice, ConsoleStream} from '../model/hypervisor.ts';
import {DirectViewer} from './direct-viewer.ts';

/** Where a line without a log is connected to. */
export type DirectSource = {readonly pty: string} | {readonly socket: string};

export interface DirectLineOptions {
  readonly domain: string;
  readonly device: ConsoleDevice;
  readonly host: Pick<ConsoleHost, 'openPty' | 'openSocket'>;
  readonly source: DirectSource;
}

/** So much of what was heard is kept for a viewer who comes later. */
const KEPT_BYTES = 1024 * 1024;
/** More than this not taken by the guest is no typing any more. */
const MAX_PENDING_BYTES = 1024 * 1024;

/**
 * A serial line that nobody keeps a log of: what the guest says is heard by who is connected, which can be one at a time
 * (QEMU 7.2, chardev/char-socket.c and char-pty.c). It is connected while there are viewers, and always drained, since a
 * client that does not read stalls the guest; all viewers hear the same.
 */
export class DirectLine implements Disposable {
  readonly #options: DirectLineOptions;
  readonly #viewers = new Set<DirectViewer>();
  #heard: Uint8Array[] = [];
  #heardBytes = 0;
  #end: LineEnd | undefined;

  constructor(options: DirectLineOptions) {
    this.#options = options;
  }

  /** True while it is connected. */
  get isConnected(): boolean {
    return this.#end !== undefined;
  }

  /** @throws {VirtError} SYSTEM_ERROR when the pty is gone or not ours */
  open(historyBytes: number): ConsoleStream {
    this.#connect();
    const viewer = new DirectViewer({
      device: this.#options.device,
      history: newest(this.#heard, historyBytes),
      write: bytes => this.#write(bytes),
      onDispose: () => this.#remove(viewer),
    });
    this.#viewers.add(viewer);
    return viewer;
  }

  dispose(): void {
    for (const viewer of [...this.#viewers]) viewer.dispose();
    this.#disconnect();
  }

  #connect(): void {
    if (this.#end) return;
    const {host, source} = this.#options;
    const events = {onTraffic: (bytes: Uint8Array) => this.#hear(bytes), onEnd: () => this.#handleEnd()};
    this.#end = 'pty' in source ? host.openPty(source.pty, events) : host.openSocket(source.socket, events);
  }

  #hear(bytes: Uint8Array): void {
    this.#heard.push(bytes);
    this.#heardBytes += bytes.length;
    while (this.#heard.length > 1 && this.#heardBytes - (this.#heard[0]?.length ?? 0) >= KEPT_BYTES) {
      this.#heardBytes -= this.#heard.shift()?.length ?? 0;
    }
    for (const viewer of this.#viewers) viewer.hear(bytes);
  }

  /** The guest is gone, or refused the connection. */
  #handleEnd(): void {
    this.#end = undefined;
    for (const viewer of this.#viewers) viewer.end();
  }

  #remove(viewer: DirectViewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size === 0) this.#disconnect();
  }

  /** What comes from now on is not heard: what was before does not belong to it. */
  #disconnect(): void {
    this.#end?.dispose();
    this.#end = undefined;
    this.#heard = [];
    this.#heardBytes = 0;
  }

  #write(bytes: Uint8Array): void {
    const what = `cannot type into ${this.#options.device.alias} of domain '${this.#options.domain}'`;
    if (!this.#end) throw new VirtError('OPERATION_INVALID', 'QEMU', `${what}: the line was closed`);
    if (this.#end.pendingBytes > MAX_PENDING_BYTES) {
      const pending = `the guest has not read ${this.#end.pendingBytes} bytes typed before`;
      throw new VirtError('OPERATION_FAILED', 'QEMU', `${what}: ${pending}`);
    }
    this.#end.write(bytes);
  }
}

/** The last bytes of some chunks. */
function newest(chunks: readonly Uint8Array[], maxBytes: number): Uint8Array {
  const all = Buffer.concat(chunks);
  return all.subarray(Math.max(0, all.length - maxBytes));
}
