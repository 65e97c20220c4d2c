import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printData} from '../print.ts';

const DEFAULT_LINES = 50;

/** `virtty log DOMAIN [--lines N]`: the newest lines, oldest first. */
export async function run(context: CommandContext): Promise<void> {
  const wanted = context.args.count('lines') ?? DEFAULT_LINES;
  const {hypervisor, domain} = await contextDomain(context);
  const lines = await hypervisor.domainLog(domain.name, {lines: wanted});
  printData(context, lines.map(line => `${sanitiseUntrusted(line)}\n`).join(''), lines);
}
