import {readAffects} from '../affects.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printDone} from '../print.ts';
import {warned} from '../warned.ts';

/** `virtty detach-disk DOMAIN TARGET [--live] [--config] [--persistent] [--current]`. */
export async function run(context: CommandContext): Promise<void> {
  const {args} = context;
  const target = args.word('target');
  const {hypervisor, domain} = await contextDomain(context);
  await warned(context, hypervisor, hypervisor.domainDetachDevice(domain.name, {target}, readAffects(args, domain)));
  printDone(context, 'Disk detached successfully');
}
