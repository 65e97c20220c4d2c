import {accessLines} from '../../app/access-document.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printData} from '../print.ts';

/** `virtty explain DOMAIN`: what its process cannot reach, at which element of the path, and what would help. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const report = await hypervisor.domainExplain(domain.name);
  const text = accessLines(report).map(line => `${line.text}\n`);
  printData(context, text.join(''), report);
  const closed = report.findings.filter(({verdict}) => verdict === 'refused' || verdict === 'missing').length;
  if (closed === 0) return;
  const files = closed === 1 ? 'one file' : `${closed} files`;
  throw new VirtError('OPERATION_FAILED', 'SECURITY', `domain '${domain.name}' cannot reach ${files}`);
}
