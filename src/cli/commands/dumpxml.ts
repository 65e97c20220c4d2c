import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';

/** `virtty dumpxml DOMAIN [--inactive]`. */
export async function run(context: CommandContext): Promise<void> {
  const {hypervisor, domain} = await contextDomain(context);
  const xml = await hypervisor.domainGetXml(domain.name, {inactive: context.args.has('inactive')});
  context.io.out(xml.endsWith('\n') ? xml : `${xml}\n`);
}
