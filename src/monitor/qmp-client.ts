import type {Duplex} from 'node:stream';
import {assertNever} from '../base/assert-never.ts';
import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import {messageOf, VirtError} from '../base/virt-error.ts';
import {limited} from './limited.ts';
import {LineSplitter} from './line-splitter.ts';
import type {MonitorClient, QmpCallOptions, QmpEvent} from './monitor-client.ts';
import {formatQmpJson, isQmpObject, parseQmpJson, type QmpObject, type QmpValue} from './qmp-json.ts';

export interface QmpGreeting {
  readonly version: {readonly major: number; readonly minor: number; readonly micro: number};
}

/** A command that QEMU refused; `qemuClass` is its error class, e.g. `GenericError`, `CommandNotFound`. */
export class QmpCommandError extends VirtError {
  readonly qemuClass: string;

  constructor(command: string, qemuClass: string, description: string) {
    super('OPERATION_FAILED', 'QEMU', `the emulator refused '${command}': ${description}`);
    this.name = 'QmpCommandError';
    this.qemuClass = qemuClass;
  }
}

interface Pending {
  readonly command: string;
  settle(result: {readonly value: QmpValue} | {readonly error: Error}): void;
}

type ClientState =
  | {readonly is: 'connecting'}
  | {readonly is: 'negotiating'}
  | {readonly is: 'ready'}
  | {readonly is: 'closed'; readonly error: VirtError};

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_EARLY_EVENTS = 1000;

/**
 * One connection to a QMP monitor. No event is lost: what comes before the first listener is kept for it.
 * Every call is settled: by its answer, its time limit, its signal, or the end of the connection.
 *
 * @see QEMU 7.2, docs/interop/qmp-spec.txt, "Protocol Specification"
 */
export class QmpClient implements MonitorClient {
  readonly #stream: Duplex;
  readonly #splitter = new LineSplitter();
  readonly #pending = new Map<number, Pending>();
  readonly #eventEmitter = new Emitter<QmpEvent>();
  readonly #closedEmitter = new Emitter<VirtError>();
  readonly #greeting = Promise.withResolvers<QmpGreeting>();
  #state: ClientState = {is: 'connecting'};
  /** Events from before anybody listened, oldest first. */
  #earlyEvents: QmpEvent[] = [];
  #nextId = 1;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#greeting.promise.catch(() => {}); // told to whoever negotiates; nobody may be there
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error: Error) => this.#close(`its monitor connection failed: ${error.message}`));
    stream.on('end', () => this.#close('its monitor closed the connection'));
    stream.on('close', () => this.#close('its monitor closed the connection'));
  }

  get state(): ClientState['is'] {
    return this.#state.is;
  }

  /** The first listener is told at once what came before it, at most the newest 1000 events. */
  onEvent(listener: (event: QmpEvent) => void): Disposable {
    const subscription = this.#eventEmitter.on(listener);
    for (const event of this.#earlyEvents.splice(0)) listener(event);
    return subscription;
  }

  /** Told once, when the connection has ended for whatever reason; soon, when it has ended before. */
  onClosed(listener: (error: VirtError) => void): Disposable {
    const state = this.#state;
    if (state.is === 'closed') queueMicrotask(() => listener(state.error));
    return this.#closedEmitter.on(listener);
  }

  /**
   * Waits for the greeting and leaves capabilities negotiation mode.
   *
   * @throws {VirtError} OPERATION_TIMEOUT, OPERATION_FAILED when the connection ends before
   */
  async negotiate(options: QmpCallOptions = {}): Promise<QmpGreeting> {
    const greeting = await this.#limited(this.#greeting.promise, 'the greeting', options);
    await this.#call('qmp_capabilities', undefined, options);
    if (this.#state.is === 'negotiating') this.#state = {is: 'ready'};
    return greeting;
  }

  /**
   * Runs one command.
   *
   * @throws {QmpCommandError} when QEMU refuses it
   * @throws {VirtError} OPERATION_TIMEOUT, OPERATION_ABORTED by the signal, OPERATION_FAILED when the connection ended
   */
  execute(command: string, args?: QmpObject, options: QmpCallOptions = {}): Promise<QmpValue> {
    if (this.#state.is !== 'ready' && this.#state.is !== 'closed') {
      throw new Error(`QMP command '${command}' before negotiation`);
    }
    return this.#call(command, args, options);
  }

  dispose(): void {
    this.#close('the connection was closed');
  }

  #call(command: string, args: QmpObject | undefined, options: QmpCallOptions): Promise<QmpValue> {
    if (this.#state.is === 'closed') return Promise.reject(this.#state.error);
    const id = this.#nextId++;
    const {promise, resolve, reject} = Promise.withResolvers<QmpValue>();
    this.#pending.set(id, {
      command,
      settle: result => ('error' in result ? reject(result.error) : resolve(result.value)),
    });
    this.#stream.write(`${formatQmpJson({execute: command, ...(args ? {arguments: args} : {}), id})}\n`);
    return this.#limited(promise, `'${command}'`, options).finally(() => this.#pending.delete(id));
  }

  #limited<T>(promise: Promise<T>, what: string, {timeoutMs = DEFAULT_TIMEOUT_MS, signal}: QmpCallOptions): Promise<T> {
    const late = `the emulator's monitor did not answer ${what} within ${timeoutMs} ms`;
    const left = `waiting for the emulator's answer to ${what} was given up`;
    return limited(promise, {
      timeoutMs,
      signal,
      tooLate: () => new VirtError('OPERATION_TIMEOUT', 'QEMU', late),
      givenUp: () => new VirtError('OPERATION_ABORTED', 'QEMU', left),
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#state.is === 'closed') return;
    try {
      for (const line of this.#splitter.push(chunk)) if (line.trim() !== '') this.#handleMessage(parseQmpJson(line));
    } catch (error) {
      this.#close(`its monitor sent what is not QMP: ${messageOf(error)}`);
    }
  }

  #handleMessage(message: QmpValue): void {
    if (!isQmpObject(message)) throw new Error('a message that is no object');
    if (message.QMP !== undefined) this.#handleGreeting(message.QMP);
    else if (typeof message.event === 'string') this.#tellEvent(decodeEvent(message.event, message));
    else if ('return' in message || 'error' in message) this.#handleReply(message);
    else throw new Error(`an unknown kind of message with ${Object.keys(message).join(', ')}`);
  }

  #tellEvent(event: QmpEvent): void {
    if (this.#eventEmitter.size > 0) this.#eventEmitter.emit(event);
    else this.#earlyEvents = [...this.#earlyEvents, event].slice(-MAX_EARLY_EVENTS);
  }

  #handleGreeting(greeting: QmpValue): void {
    const version = isQmpObject(greeting) && isQmpObject(greeting.version) ? greeting.version.qemu : undefined;
    const number = (name: string) => (isQmpObject(version) && typeof version[name] === 'number' ? version[name] : 0);
    this.#state = {is: 'negotiating'};
    this.#greeting.resolve({version: {major: number('major'), minor: number('minor'), micro: number('micro')}});
  }

  #handleReply(message: QmpObject): void {
    // An error without an id answers a command that QEMU could not even parse: the oldest one is meant.
    const id = typeof message.id === 'number' ? message.id : this.#pending.keys().next().value;
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (!pending || id === undefined) return; // its caller has given up
    this.#pending.delete(id);
    if (isQmpObject(message.error)) {
      const {class: qemuClass, desc} = message.error;
      pending.settle({error: new QmpCommandError(pending.command, String(qemuClass), String(desc))});
    } else {
      pending.settle({value: message.return ?? {}});
    }
  }

  #close(why: string): void {
    switch (this.#state.is) {
      case 'closed':
        return;
      case 'connecting':
      case 'negotiating':
      case 'ready':
        break;
      default:
        assertNever(this.#state);
    }
    const error = new VirtError('OPERATION_FAILED', 'QEMU', `the emulator cannot be reached: ${why}`);
    this.#state = {is: 'closed', error};
    this.#greeting.reject(error);
    for (const pending of this.#pending.values()) pending.settle({error});
    this.#pending.clear();
    this.#stream.destroy();
    this.#closedEmitter.emit(error);
  }
}

function decodeEvent(name: string, message: QmpObject): QmpEvent {
  const stamp = isQmpObject(message.timestamp) ? message.timestamp : {};
  const part = (key: string) => (typeof stamp[key] === 'number' ? stamp[key] : 0);
  return {
    name,
    data: isQmpObject(message.data) ? message.data : {},
    atMs: part('seconds') * 1000 + part('microseconds') / 1000,
  };
}
