import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printData} from '../print.ts';

/** `virtty domstate DOMAIN [--reason]`: as `virsh domstate`, which prints also a reason that is unknown. */
export async function run(context: CommandContext): Promise<void> {
  const {domain} = await contextDomain(context);
  const {is, reason} = domain.state;
  const text = context.args.has('reason') ? `${is} (${reason})\n` : `${is}\n`;
  printData(context, text, {state: is, reason, lastWords: domain.lastWords});
}
