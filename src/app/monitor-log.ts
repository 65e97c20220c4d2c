import {sanitiseLines, sanitiseUntrusted} from '../base/sanitise.ts';
import {draftOf, EMPTY_DRAFT, type LineDraft} from './line-draft.ts';

/** How many lines of answers and how many commands are kept for each domain. */
export const MONITOR_LINES = 2000;
export const MONITOR_COMMANDS = 100;

export interface MonitorLine {
  readonly kind: 'command' | 'answer' | 'error';
  readonly text: string;
}

/** The talk with one domain's monitor. */
export interface MonitorLog {
  /** Sanitised, oldest first. */
  readonly lines: readonly MonitorLine[];
  /** Commands, oldest first, no command twice in a row. */
  readonly history: readonly string[];
  readonly draft: LineDraft;
  /** Place in `history` while it is walked; its length when not. */
  readonly historyAt: number;
  readonly busy: boolean;
}

export const EMPTY_MONITOR: MonitorLog = {lines: [], history: [], draft: EMPTY_DRAFT, historyAt: 0, busy: false};

/** Puts a command on the record: its line, the history, an empty prompt. */
export function beginCommand(log: MonitorLog, command: string): MonitorLog {
  const history = log.history.at(-1) === command ? log.history : [...log.history, command].slice(-MONITOR_COMMANDS);
  return {
    ...addLines(log, 'command', [sanitiseUntrusted(command)]),
    history,
    historyAt: history.length,
    draft: EMPTY_DRAFT,
    busy: true,
  };
}

/** Puts the answer on the record. */
export function endCommand(log: MonitorLog, kind: 'answer' | 'error', text: string): MonitorLog {
  return {...addLines(log, kind, sanitiseLines(text)), busy: false};
}

/** Walks the history: -1 to older commands, 1 to newer; beyond the newest is an empty prompt. */
export function walkHistory(log: MonitorLog, step: -1 | 1): MonitorLog {
  const at = Math.min(log.history.length, Math.max(0, log.historyAt + step));
  return {...log, historyAt: at, draft: draftOf(log.history[at] ?? '')};
}

function addLines(log: MonitorLog, kind: MonitorLine['kind'], texts: readonly string[]): MonitorLog {
  return {...log, lines: [...log.lines, ...texts.map(text => ({kind, text}))].slice(-MONITOR_LINES)};
}
