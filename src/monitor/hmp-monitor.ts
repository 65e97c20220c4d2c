import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import type {VirtError} from '../base/virt-error.ts';
import type {HmpClient} from './hmp-client.ts';
import {hmpCall, hmpValue} from './hmp-commands.ts';
import type {MonitorClient, QmpCallOptions, QmpEvent} from './monitor-client.ts';
import {QmpCommandError} from './qmp-client.ts';
import {isQmpObject, type QmpObject, type QmpValue} from './qmp-json.ts';

export interface HmpMonitorOptions {
  /** How often a guest is asked whether it runs, where its emulator says that. */
  readonly pollMs?: number;
  /** Whether the guest runs now, as far as it is known. */
  readonly isRunning?: boolean;
}

const POLL_MS = 2_000;

/** What each of these does to a guest's processors, in the words of QMP's events. */
const EVENTS: Readonly<Record<string, 'RESUME' | 'STOP'>> = {cont: 'RESUME', stop: 'STOP'};
/** Commands of the text monitor itself that do the same; a person types them. */
const TYPED = /^\s*(?:(c|cont)|(stop))\s*$/;

/**
 * A text monitor as the driver uses one: commands in QMP's words, and events for what QMP would tell.
 *
 * An emulator from 0.10 on is asked from time to time whether its guest runs. One of before does not say, so of that only
 * what was done over this monitor is known. Why a guest stopped, and that it powers off, no text monitor tells.
 */
export class HmpMonitor implements MonitorClient {
  readonly #client: HmpClient;
  readonly #pollMs: number;
  readonly #eventEmitter = new Emitter<QmpEvent>();
  #isRunning: boolean | undefined;
  #pollTimer: NodeJS.Timeout | undefined;

  /** @param client  ready for commands; it is this monitor's from now on */
  constructor(client: HmpClient, options: HmpMonitorOptions = {}) {
    this.#client = client;
    this.#pollMs = options.pollMs ?? POLL_MS;
    this.#isRunning = options.isRunning;
    client.onClosed(() => clearTimeout(this.#pollTimer));
  }

  onClosed(listener: (error: VirtError) => void): Disposable {
    return this.#client.onClosed(listener);
  }

  onEvent(listener: (event: QmpEvent) => void): Disposable {
    const subscription = this.#eventEmitter.on(listener);
    if (this.#eventEmitter.size === 1) this.#pollLater();
    return subscription;
  }

  async execute(command: string, args?: QmpObject, options: QmpCallOptions = {}): Promise<QmpValue> {
    const {line, ...password} = hmpCall(command, args);
    if (line === undefined) return {};
    const endsEmulator = /^\s*q(?:uit)?\s*$/.test(line);
    const answer = await this.#client.execute(line, {...options, ...password, endsEmulator});
    const value = hmpValue(command, answer);
    const event = EVENTS[command] ?? typedEvent(command, line);
    if (event) this.#tell(event);
    return value;
  }

  dispose(): void {
    clearTimeout(this.#pollTimer);
    this.#client.dispose();
  }

  #pollLater(): void {
    clearTimeout(this.#pollTimer);
    if (this.#client.state === 'closed') return;
    this.#pollTimer = setTimeout(() => void this.#poll(), this.#pollMs); // never rejects
    this.#pollTimer.unref();
  }

  async #poll(): Promise<void> {
    try {
      const status = await this.execute('query-status');
      const isRunning = isQmpObject(status) && status.running === true;
      if (this.#isRunning === undefined) this.#isRunning = isRunning;
      else this.#tell(isRunning ? 'RESUME' : 'STOP');
      this.#pollLater();
    } catch (error) {
      // An emulator that does not know the question is not asked again; one that is busy is.
      if (!(error instanceof QmpCommandError)) this.#pollLater();
    }
  }

  #tell(name: 'RESUME' | 'STOP'): void {
    const isRunning = name === 'RESUME';
    if (isRunning === this.#isRunning) return;
    this.#isRunning = isRunning;
    this.#eventEmitter.emit({name, data: {}, atMs: Date.now()});
  }
}

function typedEvent(command: string, line: string): 'RESUME' | 'STOP' | undefined {
  const [, resumes, stops] = (command === 'human-monitor-command' ? TYPED.exec(line) : undefined) ?? [];
  return resumes ? 'RESUME' : stops ? 'STOP' : undefined;
}
