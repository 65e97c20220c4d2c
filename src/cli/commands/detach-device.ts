import {readAffects} from '../affects.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printDone} from '../print.ts';
import {readXmlText} from '../read-xml-text.ts';
import {warned} from '../warned.ts';

/** `virtty detach-device DOMAIN FILE [--live] [--config] [--persistent] [--current]`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io} = context;
  const xml = await readXmlText(args.word('file'), io);
  const {hypervisor, domain} = await contextDomain(context);
  await warned(context, hypervisor, hypervisor.domainDetachDevice(domain.name, {xml}, readAffects(args, domain)));
  printDone(context, 'Device detached successfully');
}
