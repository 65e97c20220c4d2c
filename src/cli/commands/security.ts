import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {DriverInstance} from '../../model/hypervisor.ts';
import {capabilityWords} from '../../model/process-capabilities.ts';
import {
  type DomainDrift,
  driftOf,
  type PartCheck,
  type SecurityReport,
  verdictWords,
} from '../../model/security-report.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {formatInstanceSecurity} from '../format/instance-security.ts';
import {formatFields, formatTable} from '../format/table.ts';
import {printData} from '../print.ts';

const NAME_COLUMNS = 16;

/**
 * `virtty security DOMAIN`: the credentials of the emulator, and what was asked for beside what the kernel says. Without a
 * domain: the driver instance and its configuration.
 */
export async function run(context: CommandContext): Promise<void> {
  if (context.args.words('domain').length === 0) return printInstance(context);
  const {hypervisor, domain} = await contextDomain(context);
  const report = await hypervisor.domainSecurity(domain.name);
  printData(context, formatReport(report, hypervisor.instance, context.globals.quiet), securityJson(report));
}

async function printInstance(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const {quiet} = context.globals;
  const security = await hypervisor.instanceSecurity();
  const guests = await hypervisor.domainDrift();
  const text = `${formatInstanceSecurity(security, {quiet})}${formatGuests(guests, quiet)}`;
  printData(context, text, {...security, guestsThatRun: guests});
}

/** Each running guest of the instance, with what differs in a line. */
function formatGuests(guests: readonly DomainDrift[], quiet: boolean): string {
  if (guests.length === 0) return '';
  const rows = guests.map(({name, checks}) =>
    [name, verdictWords(checks), checks.map(({aspect}) => aspect).join('; ')].map(cell => sanitiseUntrusted(cell)),
  );
  return `${quiet ? '' : '\n'}${formatTable(['Guest', 'Confinement', 'What differs'], rows, {quiet})}`;
}

function formatReport(report: SecurityReport, instance: DriverInstance, quiet: boolean): string {
  const isUnasked = verdictWords(report.checks) === 'observed only';
  const rows = weightiestFirst(report.checks).map(({part, aspect, asked, observed, verdict}) =>
    [part, aspect, ...(isUnasked ? [] : [asked]), observed, verdict].map(cell => sanitiseUntrusted(cell)),
  );
  const heading = ['Part', 'Aspect', ...(isUnasked ? [] : ['Asked']), 'Observed', 'Verdict'];
  const table = `${formatTable(heading, rows, {quiet})}${remedyText(report.checks)}`;
  if (quiet) return table;
  return `${formatFields(reportFields(report, instance), NAME_COLUMNS)}\n${table}`;
}

/** What differs comes first, of whatever part it is. */
function weightiestFirst(checks: readonly PartCheck[]): readonly PartCheck[] {
  const drifting = driftOf(checks);
  return [...drifting, ...checks.filter(check => !drifting.includes(check))];
}

/** Each command once, below what it is about. */
function remedyText(checks: readonly PartCheck[]): string {
  const drifting = driftOf(checks).filter(({remedies = []}) => remedies.length > 0);
  if (drifting.length === 0) return '';
  const lines = drifting.flatMap(({aspect, remedies = []}) => [`${aspect}:`, ...remedies.map(line => `  ${line}`)]);
  return `\nTo give back what was asked:\n${lines.map(line => `  ${sanitiseUntrusted(line)}\n`).join('')}`;
}

function reportFields(
  {domain, credentials, checks}: SecurityReport,
  instance: DriverInstance,
): readonly (readonly [string, string])[] {
  const {uid, gid, groups, capabilities, label} = credentials;
  return [
    ['Domain', sanitiseUntrusted(domain)],
    ['Driver instance', `${instance.uri} (${sanitiseUntrusted(instance.userName)})`],
    ['Confinement', confinementWords(checks)],
    ['Process', String(credentials.pid)],
    ['User', String(uid.effective)],
    ['Group', [gid.effective, ...groups.filter(group => group !== gid.effective)].join(', ')],
    [
      'Capabilities',
      `effective ${capabilityWords(capabilities.effective)}, bounding ${capabilityWords(capabilities.bounding)}`,
    ],
    ['No new privs', credentials.noNewPrivs ? 'yes' : 'no'],
    ['Seccomp', credentials.seccomp.mode],
    ...(label === undefined ? [] : [['Label', sanitiseUntrusted(label)] as const]),
  ];
}

function confinementWords(checks: readonly PartCheck[]): string {
  const words = verdictWords(checks);
  return words === 'observed only' ? `${words}: something else started it, what was asked for is not known` : words;
}

/** The report with capability sets as hexadecimal text: they are masks, not numbers. */
function securityJson(report: SecurityReport): unknown {
  const {capabilities} = report.credentials;
  const masks = Object.fromEntries(Object.entries(capabilities).map(([name, set]) => [name, `0x${set.toString(16)}`]));
  return {...report, credentials: {...report.credentials, capabilities: masks}};
}
