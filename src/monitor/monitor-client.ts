import type {Disposable} from '../base/disposable.ts';
import type {VirtError} from '../base/virt-error.ts';
import type {QmpObject, QmpValue} from './qmp-json.ts';

/** An asynchronous message of QEMU. */
export interface QmpEvent {
  readonly name: string;
  readonly data: QmpObject;
  /** Wall clock of QEMU in milliseconds since 1970. */
  readonly atMs: number;
}

export interface QmpCallOptions {
  /** A monitor that does not answer in this time is taken for hung; the connection stays. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * What the driver needs of an emulator's monitor, in QMP's words. `QmpClient` is one; `HmpMonitor` says the same over a text
 * monitor, as far as that can.
 */
export interface MonitorClient extends Disposable {
  /**
   * Runs one command.
   *
   * @throws {QmpCommandError} when the emulator refuses it, `CommandNotFound` for what this monitor cannot say
   * @throws {VirtError} OPERATION_TIMEOUT, OPERATION_ABORTED by the signal, OPERATION_FAILED when the connection ended
   */
  execute(command: string, args?: QmpObject, options?: QmpCallOptions): Promise<QmpValue>;
  /** The first listener is told at once what came before it. */
  onEvent(listener: (event: QmpEvent) => void): Disposable;
  /** Told once, when the connection has ended for whatever reason; soon, when it has ended before. */
  onClosed(listener: (error: VirtError) => void): Disposable;
}
