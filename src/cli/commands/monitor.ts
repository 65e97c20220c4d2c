import type {CommandContext} from '../command.ts';
import {talkToMonitor} from '../console/talk-to-monitor.ts';
import {findDomain} from '../find-domain.ts';

/** `virtty monitor DOMAIN`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, globals, io} = context;
  const hypervisor = await context.connect(globals.readonly ? 'reader' : 'owner');
  const domain = await findDomain(hypervisor, args.word('domain'));
  await talkToMonitor(io, hypervisor, domain.name, {quiet: globals.quiet});
}
