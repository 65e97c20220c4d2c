import {type AppState, selectedDomain} from '../../app/app-state.ts';
import {driftWords} from '../../app/drift.ts';
import {formatKiB, formatPercent, formatSpan} from '../../base/format-units.ts';
import {quoteWord} from '../../base/quote-shell.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {type DomainState, formatState, isActive} from '../../model/domain-state.ts';
import {taintWords} from '../../model/domain-taint.ts';
import {type ForeignGuest, runnerWords} from '../../model/foreign-guest.ts';
import type {DomainSummary} from '../../model/hypervisor.ts';
import {type Field, fieldRows, headingRow, textRows} from '../../ui/fields.ts';
import {sparkline} from '../../ui/sparkline.ts';
import {truncate} from '../../ui/text-width.ts';
import type {Theme} from '../../ui/theme.ts';
import {jobText, stateSign} from '../domains/rows.ts';

/** How many lines of the log end the page. */
const LOG_LINES_SHOWN = 40;
const LABEL_COLUMNS = 10;

/**
 * Everything about the selected domain, before scrolling.
 *
 * @param hasChart  true when a chart beside the text shows what the row of bars would
 */
export function detailRows(
  state: AppState,
  columns: number,
  theme: Theme,
  hasChart: boolean = false,
): readonly string[] {
  const domain = selectedDomain(state);
  if (!domain) return ['', ' No domain is selected.'];
  return [
    ...fieldRows(stateFields(state, domain, theme), columns, theme, LABEL_COLUMNS),
    ...lastWordsRows(domain, columns, theme),
    ...fieldRows(
      [
        ...usageFields(state, domain, hasChart ? 0 : columns, theme),
        ...(domain.foreign ? foreignFields(domain.foreign) : []),
        ...identityFields(domain),
      ],
      columns,
      theme,
      LABEL_COLUMNS,
    ),
    ...problemRows(domain, columns, theme),
    ...warningRows(state, domain, columns, theme),
    ...logRows(state, domain, columns, theme),
  ];
}

/** What a state and its reason mean to the admin, as one sentence; undefined where the words say it all. */
export function explainState(state: DomainState): string | undefined {
  if (state.is === 'paused') {
    if (state.reason === 'I/O error') return 'QEMU stopped it on a disk error. Repair the storage, then resume it.';
    if (state.reason === 'watchdog') return 'Its watchdog ran out: the guest hangs.';
    if (state.reason === 'crashed') return 'The guest panicked; it is kept for a look. Reset it or force it off.';
    if (state.reason === 'starting up') return 'It is being started.';
  }
  if (state.is === 'in shutdown') return 'The guest was asked to power off and has not done it yet.';
  if (state.is === 'crashed') return 'The guest panicked. Reset it or force it off.';
  if (state.is !== 'shut off') return undefined;
  if (state.reason === 'crashed') return 'The guest or its emulator died.';
  if (state.reason === 'failed') return 'The emulator could not be started.';
  if (state.reason === 'destroyed') return 'It was forced off.';
  return state.reason === 'shutdown' ? 'The guest powered itself off.' : undefined;
}

function stateFields(state: AppState, domain: DomainSummary, theme: Theme): readonly Field[] {
  const sign = stateSign(domain.state, theme.glyphs);
  const job = state.jobs.get(domain.name);
  const why = explainState(domain.state);
  const up = domain.startedAtMs === undefined ? '' : `, up ${formatSpan(state.nowMs - domain.startedAtMs)}`;
  return [
    {label: 'State', value: `${sign.glyph} ${formatState(domain.state)}${up}`, role: sign.role},
    ...(why === undefined ? [] : [{label: '', value: why}]),
    ...driftFields(state, domain),
    ...(job ? [{label: 'Job', value: jobText(job, state.nowMs, theme.glyphs), role: 'accent' as const}] : []),
  ];
}

/** The first that is not as asked, and what to do; the pane of security has all of them. */
function driftFields({drift}: AppState, {name}: DomainSummary): readonly Field[] {
  const [first, ...more] = drift.get(name) ?? [];
  if (!first) return [];
  const [remedy] = first.remedies ?? [];
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return [
    {label: 'Differs', value: sanitiseUntrusted(`${driftWords(first)}${others}`), role: 'warning'},
    {label: '', value: `asked was ${sanitiseUntrusted(first.asked)}`},
    ...(remedy === undefined ? [] : [{label: '', value: `to give it back: ${sanitiseUntrusted(remedy)}`}]),
    {label: '', value: `all of it: Security (6), or virtty security ${sanitiseUntrusted(quoteWord(name))}`},
  ];
}

/** The emulator's own words in full: they are why somebody looks here. */
function lastWordsRows(domain: DomainSummary, columns: number, theme: Theme): readonly string[] {
  if (domain.lastWords.length === 0) return [];
  const words = domain.lastWords.flatMap(line => textRows(sanitiseUntrusted(line), columns - 2, theme, 'warning'));
  return ['', headingRow('Last words of the emulator', theme), ...words.map(line => `  ${line}`), ''];
}

function identityFields(domain: DomainSummary): readonly Field[] {
  const kept = domain.persistent ? 'yes' : 'no: it is gone when it is shut off';
  const autostart = domain.autostart ? ', started with the host' : '';
  return [
    {label: 'Guest', value: `${domain.osType} ${domain.arch}`},
    ...(domain.emulator === undefined ? [] : [{label: 'Emulator', value: sanitiseUntrusted(domain.emulator)}]),
    ...textMonitorFields(domain),
    ...(domain.pid === undefined ? [] : [{label: 'Process', value: `pid ${domain.pid}`}]),
    ...(domain.taints ?? []).map(taint => ({label: 'Tainted', value: taintWords(taint), role: 'warning' as const})),
    ...(domain.foreign ? [] : [{label: 'Defined', value: `${kept}${autostart}`}]),
    {label: 'UUID', value: domain.foreign && /^[0-]+$/.test(domain.uuid) ? 'none' : domain.uuid},
    ...(domain.title ? [{label: 'Title', value: sanitiseUntrusted(domain.title)}] : []),
  ];
}

const PROTOCOLS = {qmp: 'QMP', hmp: 'text only (HMP)'} as const;

/** What the page cannot say of a guest of before QMP. */
function textMonitorFields({textMonitor}: DomainSummary): readonly Field[] {
  if (!textMonitor) return [];
  const state = textMonitor.tellsState
    ? 'whether the guest runs is asked every 2 s; why it stops is not told'
    : 'the emulator does not say whether its guest runs: the state is what was done from here';
  return [{label: 'Monitor', value: `text only: ${state}`, role: 'muted'}];
}

/** Who runs a guest that others started, and what can be attached to. */
function foreignFields({runner, user, monitor, protocol, console}: ForeignGuest): readonly Field[] {
  const way = (ability: true | string): Pick<Field, 'value' | 'role'> =>
    ability === true ? {value: 'free', role: 'ok'} : {value: sanitiseUntrusted(ability), role: 'muted'};
  return [
    {label: 'Run by', value: sanitiseUntrusted(`${runnerWords(runner)}, as ${user}`), role: 'accent'},
    {label: 'Monitor', ...way(monitor), ...(protocol ? {value: `free, ${PROTOCOLS[protocol]}`} : {})},
    {label: 'Console', ...way(console)},
  ];
}

/** What its command line says that the XML cannot. */
function problemRows({foreign}: DomainSummary, columns: number, theme: Theme): readonly string[] {
  if (!foreign || foreign.problems.length === 0) return [];
  const rows = foreign.problems.flatMap(problem =>
    textRows(sanitiseUntrusted(problem.message), columns, theme, problem.severity === 'error' ? 'danger' : 'muted'),
  );
  return ['', headingRow('Its command line as XML', theme), ...rows];
}

/** @param columns  room for the row of bars; 0 for none */
function usageFields(state: AppState, domain: DomainSummary, columns: number, theme: Theme): readonly Field[] {
  const usage = state.usage.get(domain.name);
  const vcpus = domain.vcpus === 1 ? '1 vCPU' : `${domain.vcpus} vCPUs`;
  const memory = formatKiB(domain.memoryKiB);
  if (!usage || !isActive(domain.state)) {
    return [
      {label: 'CPU', value: vcpus},
      {label: 'Memory', value: memory},
    ];
  }
  const room = Math.max(0, Math.min(60, columns - 14));
  const cpu = usage.cpuRatio === undefined ? '' : `, ${formatPercent(usage.cpuRatio)} of one host core`;
  const history = sparkline(usage.cpuHistory, room, theme.glyphs.bars);
  return [
    {label: 'CPU', value: `${vcpus}${cpu}`},
    ...(history === '' ? [] : [{label: '', value: history, role: 'accent' as const}]),
    {label: 'Memory', value: `${memory}, ${formatKiB(usage.last.rssKiB)} resident on the host`},
  ];
}

function warningRows(state: AppState, domain: DomainSummary, columns: number, theme: Theme): readonly string[] {
  const warnings = state.warnings.get(domain.name) ?? [];
  if (warnings.length === 0) return [];
  const rows = warnings.flatMap(text => textRows(`${theme.glyphs.warning} ${sanitiseUntrusted(text)}`, columns, theme));
  return ['', headingRow('Warnings', theme), ...rows];
}

function logRows(state: AppState, domain: DomainSummary, columns: number, theme: Theme): readonly string[] {
  const lines = (state.logs.get(domain.name) ?? []).slice(-LOG_LINES_SHOWN);
  if (lines.length === 0) return [];
  const rows = lines.flatMap(line => textRows(logText(sanitiseUntrusted(line), columns), columns, theme, 'muted'));
  return ['', headingRow('Log', theme), ...rows];
}

/** A line of the log, whole, but for the command line of a start: a dozen rows of it would push out what was said after it. */
function logText(line: string, columns: number): string {
  return /^\S+ virtty: starting /.test(line) ? truncate(line, columns - 2) : line;
}
