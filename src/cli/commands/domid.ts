import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printData} from '../print.ts';

/** `virtty domid DOMAIN`: a dash, as JSON null, for a domain that is off. */
export async function run(context: CommandContext): Promise<void> {
  const {domain} = await contextDomain(context);
  const off = domain.id < 0;
  printData(context, off ? '-\n' : `${domain.id}\n`, off ? null : domain.id);
}
