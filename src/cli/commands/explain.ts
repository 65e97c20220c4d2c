import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {AccessFinding, AccessReport} from '../../model/access-report.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {padToWidth} from '../format/display-width.ts';
import {printData} from '../print.ts';

const INDENT = ' '.repeat(11);

/** `virtty explain DOMAIN`: what its process cannot reach, at which element of the path, and what would help. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const report = await hypervisor.domainExplain(domain.name);
  printData(context, formatReport(report), report);
}

function formatReport(report: AccessReport): string {
  const lines = [
    `Domain '${report.domain}' opens files as ${actorWords(report)}`,
    ...report.findings.flatMap(findingLines),
    ...report.notes.map(note => `note: ${note}`),
  ];
  return lines.map(line => `${sanitiseUntrusted(line)}\n`).join('');
}

function actorWords({actor}: AccessReport): string {
  const who = `${actor.user}:${actor.group} (${actor.uid}:${actor.gid})`;
  return actor.powerlessRoot ? `${who}, without capabilities: as root it opens root's files only` : who;
}

function findingLines({verdict, role, device, path, access, why, remedies}: AccessFinding): readonly string[] {
  const what = `${padToWidth(verdict, 8)}   ${device ?? role}: ${path}`;
  if (verdict === 'ok') return [what];
  return [
    `${what} (${access})`,
    ...(why === undefined ? [] : [`${INDENT}${why}`]),
    ...(remedies.length === 0 ? [] : [`${INDENT}this would help:`]),
    ...remedies.map(command => `${INDENT}  ${command}`),
  ];
}
