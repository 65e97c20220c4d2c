import {commonStart} from '../base/common-start.ts';
import {sanitiseLines, sanitiseUntrusted} from '../base/sanitise.ts';
import type {WordOffers} from './hmp-words.ts';
import {draftOf, EMPTY_DRAFT, insertText, type LineDraft} from './line-draft.ts';

/** How many lines of answers and how many commands are kept for each domain. */
export const MONITOR_LINES = 2000;
export const MONITOR_COMMANDS = 500;

export interface MonitorLine {
  readonly kind: 'command' | 'answer' | 'error' | 'event';
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
  /** Words that the end of the draft can become, since they were asked for. */
  readonly offers: readonly string[];
  /** True once the commands of earlier runs of the program are in `history`. */
  readonly knowsPast: boolean;
  /** True while the emulator's events are shown. */
  readonly showsEvents: boolean;
}

export const EMPTY_MONITOR: MonitorLog = {
  lines: [],
  history: [],
  draft: EMPTY_DRAFT,
  historyAt: 0,
  busy: false,
  offers: [],
  knowsPast: false,
  showsEvents: false,
};

/** Puts a command on the record: its line, the history, an empty prompt. */
export function beginCommand(log: MonitorLog, command: string): MonitorLog {
  const history = log.history.at(-1) === command ? log.history : [...log.history, command].slice(-MONITOR_COMMANDS);
  return {
    ...addLines(log, 'command', [sanitiseUntrusted(command)]),
    history,
    historyAt: history.length,
    draft: EMPTY_DRAFT,
    offers: [],
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
  return {...log, historyAt: at, draft: draftOf(log.history[at] ?? ''), offers: []};
}

/** Puts the commands of earlier runs of the program before those of this one; at the prompt stays what is there. */
export function addPast(log: MonitorLog, past: readonly string[]): MonitorLog {
  if (log.knowsPast) return log;
  const own = log.history.filter(command => !past.includes(command));
  const history = [...past, ...own].slice(-MONITOR_COMMANDS);
  return {...log, history, historyAt: history.length, knowsPast: true};
}

/** Puts an event of the emulator on the record. @param text  its name and data, outside text */
export function addEvent(log: MonitorLog, text: string, atMs: number): MonitorLog {
  const time = new Date(atMs).toISOString().slice(11, 23);
  return addLines(log, 'event', [`${time} ${sanitiseUntrusted(text)}`]);
}

/** A text that is looked for, without regard to case; `match` is the line that was found last. */
export interface MonitorSearch {
  readonly text: string;
  readonly match?: number;
}

/** The next line with the text: above (-1) or below (1) the last match, at first from the newest line on. */
export function findInMonitor(log: MonitorLog, search: MonitorSearch, step: 1 | -1): number | undefined {
  for (let at = (search.match ?? log.lines.length) + step; at >= 0 && at < log.lines.length; at += step) {
    const line = log.lines[at];
    if (line && hasText(line, search.text)) return at;
  }
  return undefined;
}

/** Whether a line is one of those that are looked for. */
export function hasText(line: MonitorLine, text: string): boolean {
  return line.text.toLowerCase().includes(text.toLowerCase());
}

/** What stands before the cursor. */
export function typedText({draft}: MonitorLog): string {
  return [...draft.text].slice(0, draft.cursor).join('');
}

/** Completes what stands before the cursor as far as all offers agree; several that agree no further are shown. */
export function completeDraft(log: MonitorLog, {head, offers, suffix}: WordOffers): MonitorLog {
  const start = typedText(log).slice(head.length);
  const [only] = offers;
  if (only === undefined) return {...log, offers: []};
  const end = offers.length === 1 ? only + suffix : commonStart(offers);
  const draft = insertText(log.draft, end.slice(start.length));
  return {...log, draft, offers: offers.length > 1 ? offers.map(sanitiseUntrusted) : []};
}

function addLines(log: MonitorLog, kind: MonitorLine['kind'], texts: readonly string[]): MonitorLog {
  return {...log, lines: [...log.lines, ...texts.map(text => ({kind, text}))].slice(-MONITOR_LINES)};
}
