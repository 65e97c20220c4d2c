import {resolve} from 'node:path';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printDone} from '../print.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty save DOMAIN FILE`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io} = context;
  const file = args.word('file');
  const {hypervisor, domain} = await contextDomain(context);
  await withProgress(io, `saving '${domain.name}'`, hypervisor.domainSave(domain.name, resolve(io.cwd, file)));
  printDone(context, `Domain '${domain.name}' saved to ${sanitiseUntrusted(file)}\n`);
}
