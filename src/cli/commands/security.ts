import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {DriverInstance} from '../../model/hypervisor.ts';
import {capabilityWords} from '../../model/process-capabilities.ts';
import type {SecurityReport} from '../../model/security-report.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {formatInstanceSecurity} from '../format/instance-security.ts';
import {formatFields, formatTable} from '../format/table.ts';
import {printData} from '../print.ts';

const NAME_COLUMNS = 16;
const UNASKED = ' Something else started it: what was asked for is not known.\n';

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
  const security = await hypervisor.instanceSecurity();
  printData(context, formatInstanceSecurity(security, {quiet: context.globals.quiet}), security);
}

function formatReport(report: SecurityReport, instance: DriverInstance, quiet: boolean): string {
  const rows = report.checks.map(check =>
    [check.aspect, check.asked, check.observed, check.verdict].map(cell => sanitiseUntrusted(cell)),
  );
  const isUnasked = rows.length === 0;
  const table = isUnasked ? UNASKED : formatTable(['Aspect', 'Asked', 'Observed', 'Verdict'], rows, {quiet});
  if (quiet) return table;
  return `${formatFields(credentialFields(report, instance), NAME_COLUMNS)}\n${table}`;
}

function credentialFields(
  {domain, credentials}: SecurityReport,
  instance: DriverInstance,
): readonly (readonly [string, string])[] {
  const {uid, gid, groups, capabilities, label} = credentials;
  return [
    ['Domain', sanitiseUntrusted(domain)],
    ['Driver instance', `${instance.uri} (${sanitiseUntrusted(instance.userName)})`],
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

/** The report with capability sets as hexadecimal text: they are masks, not numbers. */
function securityJson(report: SecurityReport): unknown {
  const {capabilities} = report.credentials;
  const masks = Object.fromEntries(Object.entries(capabilities).map(([name, set]) => [name, `0x${set.toString(16)}`]));
  return {...report, credentials: {...report.credentials, capabilities: masks}};
}
