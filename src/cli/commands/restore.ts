import {resolve} from 'node:path';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {CommandContext} from '../command.ts';
import {printDone} from '../print.ts';
import {UsageError} from '../usage-error.ts';
import {warned} from '../warned.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty restore FILE [--running | --paused]`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io} = context;
  const file = args.word('file');
  if (args.has('running') && args.has('paused')) throw new UsageError('--running has no place beside --paused');
  const options = args.has('running') ? {runs: true} : args.has('paused') ? {runs: false} : {};
  const hypervisor = await context.connect();
  const call = hypervisor.domainRestore(resolve(io.cwd, file), options);
  await withProgress(io, 'restoring a domain', warned(context, hypervisor, call));
  printDone(context, `Domain restored from ${sanitiseUntrusted(file)}\n`);
}
