import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printValue} from '../print.ts';

/** `virtty domuuid DOMAIN`. */
export async function run(context: CommandContext): Promise<void> {
  const {domain} = await contextDomain(context);
  printValue(context, domain.uuid);
}
