import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {jsonText} from '../format/json-text.ts';
import {printDone} from '../print.ts';

/** `virtty adopt DOMAIN [--name NAME]`. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const name = context.args.value('name');
  const result = await hypervisor.domainAdopt(domain.name, name === undefined ? {} : {name});
  const {notTakenOver, lacks} = result;
  if (notTakenOver === undefined) printDone(context, `Domain '${result.name}' adopted from process ${domain.pid}`);
  else printDone(context, `Domain '${result.name}' defined; process ${domain.pid} was not taken over: ${notTakenOver}`);
  for (const lack of lacks) printDone(context, lack);
  if (context.globals.json) context.io.out(jsonText(result));
}
