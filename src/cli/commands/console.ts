import type {CommandContext} from '../command.ts';
import {connectConsole} from '../console/connect-console.ts';
import {DEFAULT_ESCAPE, parseEscapeKey} from '../console/escape-key.ts';
import {contextDomain} from '../context-domain.ts';

/** `virtty console DOMAIN [--devname ALIAS] [--escape KEY]`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, globals, io} = context;
  const key = args.value('escape');
  const escapeKey = key === undefined ? DEFAULT_ESCAPE : parseEscapeKey(key);
  const {hypervisor, domain} = await contextDomain(context);
  const device = args.value('devname');
  await connectConsole(io, hypervisor, domain.name, {
    escapeKey,
    quiet: globals.quiet,
    ...(device === undefined ? {} : {device}),
  });
}
