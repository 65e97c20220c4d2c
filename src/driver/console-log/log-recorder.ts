import {appendFileSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs';
import type {Disposable} from '../../base/disposable.ts';
import {messageOf} from '../../base/virt-error.ts';
import {errnoOf} from '../../host/files.ts';
import {ProcessLock} from '../../host/process-lock.ts';
import {watchPath} from '../../host/watch-path.ts';
import {
  formatRecord,
  type JournalRecord,
  journalPath,
  LogJournal,
  parseJournal,
  thinJournal,
} from '../../monitor/log-journal.ts';
import {dropBeginning, type LogLimit, planCut} from './log-limit.ts';

export interface RecorderOptions {
  readonly log: string;
  /** One process at a time writes the journal and cuts the log. */
  readonly lockPath: string;
  readonly limit: LogLimit;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly onWarning: (message: string) => void;
}

/** A line that goes on writing is looked at once in this time; one that was silent at once. */
const TICK_MS = 1000;
/** How soon is looked whether another process has stopped recording. */
const RETRY_MS = 5000;
const MAX_JOURNAL_BYTES = 512 * 1024;

/**
 * Watches the log that the emulator writes of a line: notes when it grew, and gives its beginning's place back when it is
 * over its limit. Where another process does that, it waits until that one is gone. An idle line costs nothing.
 */
export class LogRecorder implements Disposable {
  readonly #options: RecorderOptions;
  readonly #lock: ProcessLock;
  #watcher: Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #keptFrom = 0;
  #journalBytes = 0;
  #sizeBytes = 0;
  #isRecording = false;
  #disposed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#lock = new ProcessLock(options.lockPath);
    void this.#tick(); // ends by itself; what fails is told as a warning
  }

  dispose(): void {
    if (this.#disposed) return;
    if (this.#isRecording) this.#noteGrowth();
    this.#stop();
  }

  #stop(): void {
    this.#disposed = true;
    this.#rest();
    if (this.#isRecording) this.#lock.release();
    this.#isRecording = false;
  }

  #rest(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    clearTimeout(this.#timer);
  }

  async #tick(): Promise<void> {
    this.#rest();
    try {
      if (!this.#isRecording && !this.#begin()) return this.#wakeIn(RETRY_MS);
      const hasGrown = this.#noteGrowth();
      await this.#cut();
      if (this.#disposed) return;
      if (hasGrown) this.#wakeIn(TICK_MS);
      else this.#wakeOnGrowth();
    } catch (error) {
      this.#stop();
      // The log and the run's directory go when a run ends, before anybody says so.
      if (errnoOf(error) !== 'ENOENT' && errnoOf(causeOf(error)) !== 'ENOENT')
        this.#options.onWarning(messageOf(error));
    }
  }

  #wakeIn(delayMs: number): void {
    this.#timer = setTimeout(() => void this.#tick(), delayMs); // ends by itself, as above
    this.#timer.unref();
  }

  #wakeOnGrowth(): void {
    this.#watcher = watchPath(this.#options.log, () => void this.#tick()); // as above
    if (statSync(this.#options.log).size > this.#sizeBytes) void this.#tick(); // before the watch was there
  }

  /** @returns false while another process records */
  #begin(): boolean {
    const {log, now} = this.#options;
    const {size} = statSync(log);
    if (this.#lock.take({})) return false;
    this.#isRecording = true;
    const text = readJournalText(log);
    this.#journalBytes = text.length;
    this.#keptFrom = new LogJournal(parseJournal(text)).keptFrom;
    this.#sizeBytes = size;
    this.#note({is: 'begun', offset: size, ms: now()});
    return true;
  }

  #noteGrowth(): boolean {
    const {log, now} = this.#options;
    const size = statSync(log, {throwIfNoEntry: false})?.size ?? 0;
    if (size <= this.#sizeBytes) return false;
    this.#sizeBytes = size;
    this.#note({is: 'grown', offset: size, ms: now()});
    return true;
  }

  async #cut(): Promise<void> {
    const {log, limit} = this.#options;
    const cut = planCut(this.#sizeBytes, this.#keptFrom, limit);
    if (cut === undefined) return;
    this.#keptFrom = cut;
    this.#note({is: 'dropped', offset: cut}); // before it is done: who reads what is not there looks here why
    await dropBeginning(log, cut);
  }

  #note(record: JournalRecord): void {
    const path = journalPath(this.#options.log);
    const line = formatRecord(record);
    appendFileSync(path, line, {mode: 0o600});
    this.#journalBytes += line.length;
    if (this.#journalBytes <= MAX_JOURNAL_BYTES) return;
    const text = thinJournal(parseJournal(readFileSync(path, 'utf8')))
      .map(formatRecord)
      .join('');
    writeFileSync(`${path}.new`, text, {mode: 0o600});
    renameSync(`${path}.new`, path);
    this.#journalBytes = text.length;
  }
}

function readJournalText(log: string): string {
  try {
    return readFileSync(journalPath(log), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
