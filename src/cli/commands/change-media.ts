import {resolve} from 'node:path';
import type {MediaChange} from '../../model/media-change.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printDone} from '../print.ts';
import {UsageError} from '../usage-error.ts';
import {warned} from '../warned.ts';

/** `virtty change-media DOMAIN PATH [SOURCE] [--eject | --insert | --update] [--live] [--config] [--current] [--force]`. */
export async function run(context: CommandContext): Promise<void> {
  const {args, io} = context;
  const [path = ''] = args.words('path');
  const [source] = args.words('source');
  const change = readChange(context, source === undefined ? undefined : resolve(io.cwd, source));
  const affects = (['live', 'config'] as const).filter(name => args.has(name));
  if (affects.length > 0 && args.has('current'))
    throw new UsageError('--current has no place beside --live and --config');
  const {hypervisor, domain} = await contextDomain(context);
  const options = {force: args.has('force'), ...(affects.length > 0 ? {affects} : {})};
  await warned(context, hypervisor, hypervisor.domainChangeMedia(domain.name, path, change, options));
  const done = {eject: 'ejected', insert: 'inserted', update: 'updated'} as const;
  printDone(context, `Successfully ${done[change.does]} media.`);
}

/** Without a word it is an update. Source: libvirt 9.0.0, tools/virsh-domain.c, cmdChangeMedia. */
function readChange({args}: CommandContext, source: string | undefined): MediaChange {
  const [does = 'update', second] = (['eject', 'insert', 'update'] as const).filter(name => args.has(name));
  if (second) throw new UsageError(`--${does} has no place beside --${second}`);
  if (does === 'eject') {
    if (source !== undefined) throw new UsageError('--eject takes no source');
    return {does};
  }
  // virsh takes a change without a source for an eject.
  if (source === undefined && does === 'update') return {does: 'eject'};
  if (source === undefined) throw new UsageError(`--${does} needs a source`);
  return {does, source};
}
