import {DOMAIN_ACTIONS} from '../../app/actions.ts';
import {quoteWord} from '../../base/quote-shell.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {DomainSummary, Hypervisor} from '../../model/hypervisor.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {printActionDone, runAction} from '../domain-action.ts';
import {formatStartPlan} from '../format/start-plan.ts';
import {printData, printDone} from '../print.ts';
import {UsageError} from '../usage-error.ts';

/** `virtty start DOMAIN`: with `--console` it goes on as `virtty console`, with `--dry-run` it only says what it would do. */
export async function run(context: CommandContext): Promise<void> {
  if (context.args.has('dry-run')) return printPlan(context);
  const withConsole = context.args.has('console');
  if (withConsole && context.globals.json) throw new UsageError('options --console and --json are mutually exclusive');
  const {hypervisor, domain} = await contextDomain(context);
  await runAction(context, DOMAIN_ACTIONS.start, hypervisor, domain).catch(async (error: unknown) => {
    throw await withTrouble(error, hypervisor, domain);
  });
  if (!withConsole) return printActionDone(context, DOMAIN_ACTIONS.start, hypervisor, domain);
  printDone(context, DOMAIN_ACTIONS.start.done(domain.name));
  const {connectConsole} = await import('../console/connect-console.ts');
  await connectConsole(context.io, hypervisor, domain.name, {quiet: context.globals.quiet});
}

/** A failed start with the first file that its process does not reach, where there is one: that may be why. */
async function withTrouble(error: unknown, hypervisor: Hypervisor, {name}: DomainSummary): Promise<unknown> {
  if (!(error instanceof VirtError) || error.hint !== undefined) return error;
  try {
    const {accessTrouble} = await import('../../app/access-document.ts');
    const trouble = accessTrouble(await hypervisor.domainExplain(name));
    if (trouble === undefined) return error;
    const hint = `${trouble}; 'virtty explain ${quoteWord(name)}' says why, and what would help`;
    return new VirtError(error.code, error.domain, error.message, {cause: error, detail: error.detail, hint});
  } catch {
    return error; // of a domain that cannot be explained, either, there is no more to say
  }
}

/** Looks only: also while another process owns the instance. */
async function printPlan(context: CommandContext): Promise<void> {
  if (context.args.has('console')) throw new UsageError('options --console and --dry-run are mutually exclusive');
  await context.connect('reader');
  const {hypervisor, domain} = await contextDomain(context);
  const plan = await hypervisor.domainStartPlan(domain.name);
  printData(context, formatStartPlan(plan), plan);
}
