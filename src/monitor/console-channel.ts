import type {Disposable} from '../base/disposable.ts';
import {VirtError} from '../base/virt-error.ts';
import type {ConsoleHost, LineEnd} from '../host/console-host.ts';
import type {TypingRight, Typist} from '../host/typing-right.ts';
import type {ConsoleDevice, ConsoleStream} from '../model/hypervisor.ts';
import {type ConsoleLog, ConsoleViewer} from './console-viewer.ts';
import {journalPath, LogJournal, parseJournal} from './log-journal.ts';

/** Where one run of a guest has its line: everything it writes is in `log`, `pty` takes what is typed. */
export interface ConsoleSource {
  readonly log: string;
  /** Absent when the guest is off. */
  readonly pty?: string;
  /** The file that stands for the right to type; absent where nobody else can. */
  readonly typingRight?: string;
  /** True where another program reads the pty and writes the log. */
  readonly isKept?: boolean;
}

/** More than this not taken by the guest is no typing any more. */
const MAX_PENDING_BYTES = 1024 * 1024;

/**
 * One serial line or console of a domain with any number of viewers, over the domain's restarts.
 *
 * All viewers read the log that QEMU writes: it is complete from the first byte, in order, and nobody can take bytes
 * from another. The pty is opened for typing, once, while somebody looks; what arrives on it is dropped, since a client
 * that does not read stalls the guest (QEMU 7.2, chardev/char-pty.c).
 */
export class ConsoleChannel implements Disposable {
  readonly device: ConsoleDevice;
  readonly #host: ConsoleHost;
  readonly #domain: string;
  readonly #viewers = new Set<ConsoleViewer>();
  #source: ConsoleSource | undefined;
  #pty: LineEnd | undefined;
  #right: TypingRight | undefined;
  /** Who of this process types. */
  readonly #typists = new Set<ConsoleViewer>();
  #watcher: Disposable | undefined;

  constructor(domain: string, device: ConsoleDevice, host: ConsoleHost) {
    this.#domain = domain;
    this.device = device;
    this.#host = host;
  }

  /** Tells where the line is now: at the start of a run, at its end (without a pty), or nowhere yet. */
  setSource(source: ConsoleSource | undefined): void {
    this.#disconnect();
    this.#source = source;
    this.#right = source?.typingRight === undefined ? undefined : this.#host.typingRight(source.typingRight);
    if (this.#viewers.size > 0) this.#connect();
    for (const viewer of this.#viewers)
      viewer.follow(this.#openLog(), {live: source?.pty !== undefined, isNewRun: source?.pty !== undefined});
  }

  /**
   * @param historyBytes  how much of what was written before is delivered at most
   * @param maxLagBytes  how far behind the viewer may be until something is left out; all is delivered without it
   */
  open(historyBytes: number, maxLagBytes?: number): ConsoleStream {
    const viewer = new ConsoleViewer({
      device: this.device,
      historyBytes,
      maxLagBytes,
      now: this.#host.now,
      claim: force => this.#claim(viewer, force),
      release: () => this.#release(viewer),
      write: bytes => this.#write(viewer, bytes),
      onDispose: () => this.#remove(viewer),
    });
    this.#viewers.add(viewer);
    this.#connect();
    viewer.follow(this.#openLog(), {live: this.#source?.pty !== undefined, isNewRun: false});
    return viewer;
  }

  dispose(): void {
    for (const viewer of [...this.#viewers]) viewer.dispose();
    this.#disconnect();
  }

  #openLog(): ConsoleLog | undefined {
    const {log} = this.#source ?? {};
    if (log === undefined) return undefined;
    const readJournal = () => new LogJournal(parseJournal(this.#host.readText(journalPath(log))));
    return {file: this.#host.openFile(log), readJournal};
  }

  #connect(): void {
    const source = this.#source;
    if (!source) return;
    const grow = () => {
      for (const viewer of this.#viewers) viewer.grow();
    };
    this.#watcher ??= this.#host.watchFile(source.log, grow);
    if (source.pty !== undefined) this.#pty ??= this.#openPty(source.pty, source, grow);
  }

  #openPty(path: string, source: ConsoleSource, grow: () => void): LineEnd {
    const events = {onTraffic: grow, onEnd: () => this.#handleEnd(source)};
    return this.#host.openPty(path, events, {writesOnly: source.isKept === true});
  }

  /** The guest went away before anybody said so: nobody may be there who would. */
  #handleEnd(source: ConsoleSource): void {
    if (this.#source === source && this.#viewers.size > 0) this.setSource({log: source.log});
  }

  #disconnect(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    this.#pty?.dispose();
    this.#pty = undefined;
  }

  #remove(viewer: ConsoleViewer): void {
    this.#viewers.delete(viewer);
    this.#release(viewer);
    if (this.#viewers.size === 0) this.#disconnect();
  }

  #claim(viewer: ConsoleViewer, force: boolean): void {
    if (!this.#right?.isMine) {
      const typist = this.#right?.take({force});
      if (typist) throw busyError(`cannot type into ${this.device.alias} of domain '${this.#domain}'`, typist);
    }
    this.#typists.add(viewer);
  }

  #release(viewer: ConsoleViewer): void {
    if (this.#typists.delete(viewer) && this.#typists.size === 0) this.#right?.release();
  }

  #write(viewer: ConsoleViewer, bytes: Uint8Array): void {
    const what = `cannot type into ${this.device.alias} of domain '${this.#domain}'`;
    if (!this.#pty) {
      throw new VirtError('OPERATION_INVALID', 'QEMU', `${what}: the domain is not running`, {
        hint: `start it first: virtty start ${this.#domain}`,
      });
    }
    if (this.#pty.pendingBytes > MAX_PENDING_BYTES) {
      throw new VirtError(
        'OPERATION_FAILED',
        'QEMU',
        `${what}: the guest has not read ${this.#pty.pendingBytes} bytes typed before`,
      );
    }
    this.#claim(viewer, false);
    this.#pty.write(bytes);
  }
}

/** One of two who type at a time: the guest would get both mixed. */
function busyError(what: string, {user, pid, tty, sinceMs}: Typist): VirtError {
  const place = tty === undefined ? '' : ` on ${tty}`;
  const since = new Date(sinceMs).toTimeString().slice(0, 8);
  return new VirtError(
    'RESOURCE_BUSY',
    'QEMU',
    `${what}: ${user} types there, process ${pid}${place}, since ${since}`,
    {
      hint: 'look on, or take over: virtty console --force; in the screen Enter asks',
    },
  );
}
