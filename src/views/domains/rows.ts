import {DOMAIN_ACTIONS} from '../../app/actions.ts';
import {type AppState, type Job, selectedDomain, visibleDomains} from '../../app/app-state.ts';
import {SLOW_JOB_MS} from '../../app/jobs.ts';
import {formatKiB, formatPercent, formatSpan} from '../../base/format-units.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {type DomainState, formatState} from '../../model/domain-state.ts';
import {runnerWords} from '../../model/foreign-guest.ts';
import type {DomainSummary} from '../../model/hypervisor.ts';
import {type Cell, type Column, headerRow, placeColumns, tableRow} from '../../ui/table.ts';
import {fit, wrap} from '../../ui/text-width.ts';
import type {Glyphs, Role, Theme} from '../../ui/theme.ts';

const COLUMNS: readonly Column[] = [
  {id: 'mark', title: '', width: 1, gap: 1, priority: 0},
  {id: 'name', title: 'NAME', width: 17, grow: 3, max: 48, priority: 0},
  {id: 'state', title: 'STATE', width: 22, grow: 2, max: 32, priority: 0},
  {id: 'id', title: 'ID', align: 'right', width: 3, priority: 3},
  {id: 'vcpus', title: 'VCPU', align: 'right', width: 4, priority: 4},
  {id: 'memory', title: 'MEMORY', align: 'right', width: 8, priority: 2},
  {id: 'cpu', title: '%CORE', align: 'right', width: 5, priority: 1},
  {id: 'uptime', title: 'UP', align: 'right', width: 7, priority: 1},
  {id: 'resident', title: 'RESIDENT', align: 'right', width: 8, priority: 5},
  {id: 'arch', title: 'ARCH', width: 7, priority: 6},
  {id: 'pid', title: 'PID', align: 'right', width: 7, priority: 7},
  {id: 'title', title: 'TITLE', width: 32, grow: 2, max: 60, priority: 8},
];

/** Where others' guests are in the list, who runs them is worth more than most numbers. */
const COLUMNS_OF_ALL: readonly Column[] = COLUMNS.flatMap(column =>
  column.id === 'state'
    ? [
        {...column, width: 19},
        {id: 'runner', title: 'RUN BY', width: 14, grow: 1, max: 28, priority: 1},
      ]
    : [column],
);

export interface ListSize {
  readonly columns: number;
  readonly rows: number;
}

/** The table of domains, header first: as many rows as there is room for, around the selected one. */
export function domainRows(state: AppState, size: ListSize, theme: Theme): readonly string[] {
  const visible = visibleDomains(state);
  if (visible.length === 0) return emptyRows(state, size, theme);
  const hasForeign = visible.some(domain => domain.foreign);
  const columns = placeColumns(hasForeign ? COLUMNS_OF_ALL : COLUMNS, size.columns);
  const room = Math.max(1, size.rows - 1);
  const selected = selectedDomain(state)?.name;
  const lines = withHeading(visible);
  const at = lines.findIndex(line => line !== HEADING && line.name === selected);
  const first = firstShown(at, lines.length, room);
  const rows = lines.slice(first, first + room).map(line =>
    line === HEADING
      ? headingOf(visible, size.columns, theme)
      : tableRow(columns, domainCells(state, line, theme), {
          width: size.columns,
          isSelected: line.name === selected,
          theme,
        }),
  );
  return [headerRow(columns, size.columns, theme), ...rows];
}

const HEADING = 'heading';

/** Guests that others started stand below the instance's own, under a heading of their own. */
function withHeading(domains: readonly DomainSummary[]): readonly (DomainSummary | typeof HEADING)[] {
  const at = domains.findIndex(domain => domain.foreign);
  return at < 0 ? domains : [...domains.slice(0, at), HEADING, ...domains.slice(at)];
}

function headingOf(domains: readonly DomainSummary[], columns: number, theme: Theme): string {
  const count = domains.filter(domain => domain.foreign).length;
  return theme.paint('muted', fit(`  Started by others: ${count}`, columns));
}

/** The first row shown, so that the selected one is in view with, where possible, half the room above it. */
export function firstShown(selected: number, total: number, room: number): number {
  return Math.max(0, Math.min(selected - Math.floor(room / 2), total - room));
}

/** Sign and colour of a state; the word is always beside it. */
export function stateSign(state: DomainState, glyphs: Glyphs): {readonly glyph: string; readonly role: Role} {
  switch (state.is) {
    case 'running':
      return {glyph: glyphs.running, role: 'ok'};
    case 'paused':
      return {glyph: glyphs.paused, role: state.reason === 'user' ? 'warning' : 'danger'};
    case 'pmsuspended':
      return {glyph: glyphs.paused, role: 'warning'};
    case 'in shutdown':
      return {glyph: glyphs.stopping, role: 'warning'};
    case 'crashed':
      return {glyph: glyphs.dead, role: 'danger'};
    case 'shut off':
      return state.reason === 'crashed' || state.reason === 'failed'
        ? {glyph: glyphs.dead, role: 'danger'}
        : {glyph: glyphs.off, role: 'muted'};
  }
}

/** `starting`, and after a second `starting 3s`. */
export function jobText(job: Job, nowMs: number, glyphs: Glyphs): string {
  const ageMs = nowMs - job.startedAtMs;
  const {doing} = DOMAIN_ACTIONS[job.action];
  return ageMs < SLOW_JOB_MS ? `${doing}${glyphs.busy}` : `${doing} ${formatSpan(ageMs)}`;
}

function domainCells(state: AppState, domain: DomainSummary, theme: Theme): Record<string, Cell> {
  const {glyphs} = theme;
  const sign = stateSign(domain.state, glyphs);
  const usage = state.usage.get(domain.name);
  const job = state.jobs.get(domain.name);
  const isDrifting = state.drift.has(domain.name);
  const isOff = domain.state.is === 'shut off';
  const quiet: Role = isOff ? 'muted' : 'text';
  const uptime = domain.startedAtMs === undefined ? '' : formatSpan(state.nowMs - domain.startedAtMs);
  return {
    mark: state.warnings.has(domain.name) || isDrifting ? {text: glyphs.warning, role: 'warning'} : {text: ''},
    name: {text: sanitiseUntrusted(domain.name)},
    state: job
      ? {text: `${glyphs.busy} ${jobText(job, state.nowMs, glyphs)}`, role: 'accent'}
      : isDrifting
        ? {text: `${sign.glyph} ${domain.state.is}, differs`, role: 'warning'}
        : {text: `${sign.glyph} ${stateWords(domain.state)}`, role: sign.role},
    id: {text: domain.id < 0 ? '-' : String(domain.id), role: quiet},
    vcpus: {text: String(domain.vcpus), role: quiet},
    memory: {text: formatKiB(domain.memoryKiB), role: quiet},
    cpu: {text: isOff ? '' : usage?.cpuRatio === undefined ? '-' : formatPercent(usage.cpuRatio)},
    uptime: {text: uptime},
    resident: {text: usage ? formatKiB(usage.last.rssKiB) : ''},
    arch: {text: domain.arch, role: quiet},
    pid: {text: domain.pid === undefined ? '' : String(domain.pid)},
    runner: {text: domain.foreign ? sanitiseUntrusted(runnerWords(domain.foreign.runner)) : '', role: 'accent'},
    title: {text: sanitiseUntrusted(domain.title ?? ''), role: 'muted'},
  };
}

/** The reason is left out where it is what everyone expects. */
function stateWords(state: DomainState): string {
  const isPlain =
    (state.is === 'running' && (state.reason === 'booted' || state.reason === 'unpaused')) ||
    (state.is === 'paused' && state.reason === 'user');
  return isPlain ? state.is : formatState(state);
}

function emptyRows(state: AppState, size: ListSize, theme: Theme): readonly string[] {
  if (!state.listed) return [theme.paint('muted', ' Asking for the domains')];
  const text = state.view.filter
    ? [`No domain matches '${sanitiseUntrusted(state.view.filter)}'.`, 'Esc clears the filter.']
    : [
        'No domain is defined here.',
        '',
        'Define one from its XML:',
        `in a shell   virtty -c '${state.instance.uri}' define FILE`,
        'or here      :define FILE',
        ...(hasNoEmulator(state)
          ? ['', 'No QEMU was found on this host: Capabilities (5) says where, and what to install.']
          : []),
      ];
  return ['', ...text.flatMap(line => wrap(line, size.columns - 2).map(part => ` ${part}`))];
}

function hasNoEmulator({capabilities}: AppState): boolean {
  return capabilities !== undefined && capabilities.emulators.length === 0;
}
