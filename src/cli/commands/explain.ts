import {accessLines} from '../../app/access-document.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printData} from '../print.ts';

/** `virtty explain DOMAIN`: what its process cannot reach, at which element of the path, and what would help. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const report = await hypervisor.domainExplain(domain.name);
  const text = accessLines(report).map(line => `${line.text}\n`);
  printData(context, text.join(''), report);
}
