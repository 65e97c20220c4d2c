import {DOMAIN_ACTIONS} from '../../app/actions.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {actionCommand, runAction} from '../domain-action.ts';
import {formatStartPlan} from '../format/start-plan.ts';
import {printData, printDone} from '../print.ts';
import {UsageError} from '../usage-error.ts';

/** `virtty start DOMAIN`: with `--console` it goes on as `virtty console`, with `--dry-run` it only says what it would do. */
export async function run(context: CommandContext): Promise<void> {
  if (context.args.has('dry-run')) return printPlan(context);
  if (!context.args.has('console')) return actionCommand('start')(context);
  if (context.globals.json) throw new UsageError('options --console and --json are mutually exclusive');
  const {hypervisor, domain} = await contextDomain(context);
  await runAction(context, DOMAIN_ACTIONS.start, hypervisor, domain);
  printDone(context, DOMAIN_ACTIONS.start.done(domain.name));
  const {connectConsole} = await import('../console/connect-console.ts');
  await connectConsole(context.io, hypervisor, domain.name, {quiet: context.globals.quiet});
}

/** Looks only: also while another process owns the instance. */
async function printPlan(context: CommandContext): Promise<void> {
  if (context.args.has('console')) throw new UsageError('options --console and --dry-run are mutually exclusive');
  await context.connect('reader');
  const {hypervisor, domain} = await contextDomain(context);
  const plan = await hypervisor.domainStartPlan(domain.name);
  printData(context, formatStartPlan(plan), plan);
}
