import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {isActive} from '../../model/domain-state.ts';
import {type DomainTaint, taintSentence} from '../../model/domain-taint.ts';
import {type ForeignGuest, runnerWords} from '../../model/foreign-guest.ts';
import type {DomainStats, DomainSummary} from '../../model/hypervisor.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {domainJson} from '../format/domain-json.ts';
import {formatFields} from '../format/table.ts';
import {printData} from '../print.ts';

const NAME_COLUMNS = 15;

/** `virtty dominfo DOMAIN`: the lines of `virsh dominfo` of libvirt 9.0.0. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const hasStats = isActive(domain.state) && hypervisor.abilities.stats === true;
  const [stats] = hasStats ? await hypervisor.domainStats([domain.name]) : [];
  const json = {...domainJson(domain), cpuTimeNs: stats?.cpuTimeNs ?? null, rssKiB: stats?.rssKiB ?? null};
  printData(context, formatDominfo(domain, stats), json);
}

function formatDominfo(domain: DomainSummary, stats: DomainStats | undefined): string {
  const fields: (readonly [string, string])[] = [
    ['Id', domain.id < 0 ? '-' : String(domain.id)],
    ['Name', sanitiseUntrusted(domain.name)],
    ['UUID', domain.uuid],
    ['OS Type', sanitiseUntrusted(domain.osType)],
    ['State', domain.state.is],
    ['CPU(s)', String(domain.vcpus)],
    ...(stats ? [['CPU time', formatSeconds(stats.cpuTimeNs)] as const] : []),
    ['Max memory', `${domain.memoryKiB} KiB`],
    ['Used memory', `${domain.memoryKiB} KiB`],
    ['Persistent', domain.persistent ? 'yes' : 'no'],
    ['Autostart', domain.autostart ? 'enable' : 'disable'],
    ['Managed save', 'no'],
    ['Security model', 'none'],
    ['Security DOI', '0'],
    ...(domain.foreign ? foreignFields(domain.foreign) : []),
    ...(domain.taints ? [['Messages', formatTaints(domain.taints)] as const] : []),
  ];
  return formatFields(fields, NAME_COLUMNS);
}

/** Who runs it, and what of it can be attached to. */
function foreignFields({
  runner,
  user,
  monitor,
  protocol,
  console,
  problems,
}: ForeignGuest): (readonly [string, string])[] {
  const ability = (value: true | string) => (value === true ? 'free' : value);
  const fields: (readonly [string, string])[] = [
    ['Run by', runnerWords(runner)],
    ['User', user],
    ['Monitor', protocol ? `free, ${protocol === 'qmp' ? 'QMP' : 'text only'}` : ability(monitor)],
    ['Console', ability(console)],
    ...problems.map(({message}) => ['As XML', message] as const),
  ];
  return fields.map(([name, value]) => [name, sanitiseUntrusted(value)]);
}

/** A line for each, below one another. */
function formatTaints(taints: readonly DomainTaint[]): string {
  return taints.map(taintSentence).join(`\n${' '.repeat(NAME_COLUMNS + 1)}`);
}

/** Seconds with one decimal, as virsh prints CPU time. */
function formatSeconds(ns: bigint): string {
  return `${(Number(ns / 1_000_000n) / 1000).toFixed(1)}s`;
}
