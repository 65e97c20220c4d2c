import type {Disposable} from '../../base/disposable.ts';
import {readConfiguration} from '../config/read-configuration.ts';
import type {Domain} from '../domain.ts';
import type {DriverContext} from '../driver-context.ts';
import {recorderPath} from '../instance-paths.ts';
import {DEFAULT_LOG_LIMIT, type LogLimit} from './log-limit.ts';
import {LogRecorder} from './log-recorder.ts';

export interface RecordersOptions extends Pick<DriverContext, 'paths' | 'table' | 'now'> {
  readonly limit: LogLimit;
}

/** Records what an instance's guests say, within the limit that its qemu.conf sets. */
export async function openLogRecorders(context: DriverContext): Promise<LogRecorders> {
  const {table, configuration} = context;
  const conf = await readConfiguration(configuration, message => table.emit({type: 'warning', message}));
  const {console_log_max_size: pieceBytes, console_log_max_backups: pieces} = conf;
  return new LogRecorders({
    ...context,
    limit: {
      pieceBytes: pieceBytes ?? DEFAULT_LOG_LIMIT.pieceBytes,
      pieces: pieces ?? DEFAULT_LOG_LIMIT.pieces,
    },
  });
}

/**
 * The recorders of all lines of an instance's running domains whose logs are the instance's own. Where an adopted guest
 * writes its logs was said by who started it: they are left alone.
 */
export class LogRecorders implements Disposable {
  readonly #options: RecordersOptions;
  readonly #recorders = new Map<string, LogRecorder>();
  readonly #subscription: Disposable;

  constructor(options: RecordersOptions) {
    this.#options = options;
    const {table} = options;
    for (const domain of table.all()) this.#update(domain);
    this.#subscription = table.onRunChange(domain => this.#update(domain));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const recorder of this.#recorders.values()) recorder.dispose();
    this.#recorders.clear();
  }

  /** A new run has new logs under the same names. */
  #update(domain: Domain): void {
    const {paths, limit, now, table} = this.#options;
    for (const [key, recorder] of this.#recorders) {
      if (!key.startsWith(`${domain.uuid}/`)) continue;
      recorder.dispose();
      this.#recorders.delete(key);
    }
    if (domain.live?.isAdopted) return;
    for (const {alias, log} of domain.live?.consoles ?? []) {
      if (!log?.startsWith(`${paths.log}/`)) continue;
      const lockPath = recorderPath(paths, domain.uuid, alias);
      const onWarning = (message: string) => table.emit({type: 'warning', domain: domain.name, message});
      this.#recorders.set(`${domain.uuid}/${alias}`, new LogRecorder({log, lockPath, limit, now, onWarning}));
    }
  }
}
