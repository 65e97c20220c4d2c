import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {isActive} from '../../model/domain-state.ts';
import type {DomainSummary} from '../../model/hypervisor.ts';
import type {CommandContext} from '../command.ts';
import type {CommandArgs} from '../command-args.ts';
import {compareDomains} from '../format/compare-domains.ts';
import {domainJson} from '../format/domain-json.ts';
import {formatForeign} from '../format/foreign-table.ts';
import {formatTable} from '../format/table.ts';
import {printData} from '../print.ts';
import {UsageError} from '../usage-error.ts';

const STATE_OPTIONS = ['state-running', 'state-paused', 'state-shutoff', 'state-other'] as const;
const COLUMN_OPTIONS = ['uuid', 'name', 'id'] as const;

/** `virtty list`: filters, order and layout are those of `virsh list` of libvirt 9.0.0. */
export async function run(context: CommandContext): Promise<void> {
  checkOptions(context.args);
  const hypervisor = await context.connect();
  const domains = selectDomains(await hypervisor.listDomains(), context.args);
  const foreign = context.args.has('foreign') ? await hypervisor.listForeignDomains() : [];
  const text = `${formatDomains(domains, context)}${formatOthers(foreign, context)}`;
  printData(context, text, [...domains, ...foreign].map(domainJson));
}

/** In a table of their own below the instance's; or more of the names, ids or UUIDs that were asked for. */
function formatOthers(foreign: readonly DomainSummary[], context: CommandContext): string {
  const {args, globals} = context;
  if (!args.has('foreign')) return '';
  const isList = COLUMN_OPTIONS.some(option => args.has(option)) && !args.has('table');
  if (isList) return formatDomains(foreign, context);
  return `${globals.quiet ? '' : '\n'}${formatForeign(foreign, {quiet: globals.quiet})}`;
}

function checkOptions(args: CommandArgs): void {
  for (const option of ['uuid', 'name', 'title'] as const) {
    if (args.has('table') && args.has(option) && option !== 'title') {
      throw new UsageError(`Options --table and --${option} are mutually exclusive`);
    }
    if (args.has('title') && option !== 'title' && args.has(option)) {
      throw new UsageError(`Options --title and --${option} are mutually exclusive`);
    }
  }
}

/** The domains asked for: active ones by id, then the others by name without regard to case. */
export function selectDomains(domains: readonly DomainSummary[], args: CommandArgs): readonly DomainSummary[] {
  const inactive = args.has('all') || args.has('inactive') || args.has('state-shutoff');
  const active = args.has('all') || !inactive;
  return domains
    .filter(domain => (isActive(domain.state) ? active : inactive))
    .filter(domain => stateAsked(domain, args))
    .filter(domain => eitherAsked(domain.persistent, args.has('persistent'), args.has('transient')))
    .filter(domain => eitherAsked(domain.autostart, args.has('autostart'), args.has('no-autostart')))
    .toSorted(compareDomains);
}

function stateAsked(domain: DomainSummary, args: CommandArgs): boolean {
  if (!STATE_OPTIONS.some(option => args.has(option))) return true;
  const {is} = domain.state;
  if (is === 'running') return args.has('state-running');
  if (is === 'paused') return args.has('state-paused');
  if (is === 'shut off') return args.has('state-shutoff');
  return args.has('state-other');
}

/** A pair of options that select those with and those without something; none or both select all. */
function eitherAsked(value: boolean, withIt: boolean, without: boolean): boolean {
  return withIt === without || value === withIt;
}

function formatDomains(domains: readonly DomainSummary[], {args, globals}: CommandContext): string {
  const columns = COLUMN_OPTIONS.filter(option => args.has(option));
  if (columns.length > 0 && !args.has('table')) {
    return domains.map(domain => `${columns.map(column => cell(domain, column)).join(' ')}\n`).join('');
  }
  const heading = ['Id', 'Name', 'State', ...(args.has('title') ? ['Title'] : [])];
  const rows = domains.map(domain => [
    cell(domain, 'id'),
    cell(domain, 'name'),
    domain.state.is,
    ...(args.has('title') ? [sanitiseUntrusted(domain.title ?? '')] : []),
  ]);
  return formatTable(heading, rows, {quiet: globals.quiet});
}

function cell(domain: DomainSummary, column: (typeof COLUMN_OPTIONS)[number]): string {
  if (column === 'id') return domain.id < 0 ? '-' : String(domain.id);
  return sanitiseUntrusted(domain[column]);
}
