import {accessLines} from '../../app/access-document.ts';
import {VirtError} from '../../base/virt-error.ts';
import {wrap} from '../../ui/text-width.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printData} from '../print.ts';

/** `virtty explain DOMAIN`: what its process cannot reach, at which element of the path, and what would help. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const report = await hypervisor.domainExplain(domain.name);
  const commands = new Set(report.findings.flatMap(({remedies}) => remedies.map(({command}) => command)));
  const text = accessLines(report).flatMap(line => rowsOf(line.text, commands).map(row => `${row}\n`));
  printData(context, text.join(''), report);
  const closed = report.findings.filter(({verdict}) => verdict === 'refused' || verdict === 'missing').length;
  if (closed === 0) return;
  const files = closed === 1 ? 'one file' : `${closed} files`;
  throw new VirtError('OPERATION_FAILED', 'SECURITY', `domain '${domain.name}' cannot reach ${files}`);
}

const COLUMNS = 80;

/** Sentences are broken; a command stays whole, to be copied, and so does the line that names a file. */
function rowsOf(text: string, commands: ReadonlySet<string>): readonly string[] {
  const start = /^ */.exec(text)?.[0] ?? '';
  if (start === '' || commands.has(text.trim())) return [text];
  return wrap(text.trim(), COLUMNS - start.length).map(row => start + row);
}
