import {existsSync} from 'node:fs';
import {messageOf} from '../base/virt-error.ts';
import type {FoundRun} from './attach-domain.ts';
import type {DefinitionStore} from './definition-store.ts';
import type {Domain} from './domain.ts';
import {type DomainTable, newDomain} from './domain-table.ts';
import {domainLogPath, domainRunDir, grantRegistry, type InstancePaths} from './instance-paths.ts';
import type {LiveStatus} from './live-status.ts';
import {readRuns} from './read-runs.ts';

export interface LoadContext {
  readonly table: DomainTable;
  readonly definitions: DefinitionStore;
  readonly paths: InstancePaths;
  readonly now: () => number;
}

/**
 * Fills the table of an owner: definitions, runs that go on (their monitors taken up again), and how the others ended.
 *
 * @returns sentences worth telling
 */
export async function loadAsOwner(context: LoadContext): Promise<readonly string[]> {
  const warnings = [...(await loadDefinitions(context))];
  const {statuses, withoutStatus} = await readRuns(context.paths);
  if (withoutStatus.length > 0) {
    const {clearAbortedStarts} = await import('./clear-aborted-starts.ts');
    warnings.push(...(await clearAbortedStarts(withoutStatus, context.paths)));
  }
  for (const run of await findRuns(statuses, context.paths)) {
    const domain = domainOf(run.status, context.table);
    if (run.is === 'unreachable') {
      domain.parts.observed = run.status;
      warnings.push(`domain '${domain.name}' runs, but its monitor does not answer: ${messageOf(run.why)}`);
    } else warnings.push(...(await takeUp(domain, run, context)));
  }
  return [...warnings, ...(await giveBackFiles(context))];
}

/** What domains were given whose run has left nothing behind any more, after a crash of virtty or of the host. */
async function giveBackFiles({paths}: LoadContext): Promise<readonly string[]> {
  const registry = grantRegistry(paths);
  if (!existsSync(registry)) return [];
  const {reconcileGrants} = await import('./grants/grant-files.ts');
  return reconcileGrants(registry, uuid => existsSync(domainRunDir(paths, uuid)));
}

/** What takes up runs is loaded when there is one: most commands find none. */
async function findRuns(statuses: readonly LiveStatus[], paths: InstancePaths): Promise<readonly FoundRun[]> {
  if (statuses.length === 0) return [];
  const {findRun} = await import('./attach-domain.ts');
  return Promise.all(statuses.map(status => findRun(status, paths)));
}

async function takeUp(
  domain: Domain,
  run: Exclude<FoundRun, {is: 'unreachable'}>,
  {table, paths, now}: LoadContext,
): Promise<readonly string[]> {
  if (run.is === 'dead') {
    table.recordEnd(domain, run.report);
    const {takeBackAll} = await import('./host-steps/take-back.ts');
    const {removeTree} = await import('../host/remove-tree.ts');
    const failures = await takeBackAll(domainRunDir(paths, run.status.uuid));
    await removeTree(domainRunDir(paths, run.status.uuid));
    if (!domain.exists) table.changed(domain);
    return failures;
  }
  const {RunningDomain} = await import('./running-domain.ts');
  const running = new RunningDomain({
    status: run.status,
    monitor: run.monitor,
    paths,
    logPath: domainLogPath(paths, domain.name),
    now,
  });
  await running.begin();
  table.adopt(domain, running);
  await running.resumePendingReboot();
  return [];
}

/**
 * Fills the table of a reader, which changes nothing and holds no monitor.
 *
 * @param ownerLives  then the owner keeps the status files true; else each guest is asked
 */
export async function loadAsReader(context: LoadContext, ownerLives: boolean): Promise<readonly string[]> {
  const warnings = await loadDefinitions(context);
  const {statuses} = await readRuns(context.paths);
  if (ownerLives) for (const status of statuses) domainOf(status, context.table).parts.observed = status;
  else for (const run of await findRuns(statuses, context.paths)) observe(run, context.table);
  return warnings;
}

function observe(run: FoundRun, table: DomainTable): void {
  const domain = domainOf(run.status, table);
  if (run.is === 'dead') {
    domain.parts.ended = {format: run.status.format, state: run.report.state, atMs: 0, lastWords: run.report.lastWords};
    if (!domain.exists) table.changed(domain);
    return;
  }
  if (run.is === 'alive') run.monitor.dispose();
  domain.parts.observed = run.status;
}

async function loadDefinitions({table, definitions}: LoadContext): Promise<readonly string[]> {
  const {defs, failures} = await definitions.load();
  for (const def of defs) {
    const domain = newDomain(def);
    domain.parts.def = def;
    table.add(domain);
  }
  await Promise.all(table.all().map(domain => table.loadEnd(domain)));
  return failures;
}

function domainOf(status: LiveStatus, table: DomainTable): Domain {
  const known = table.byUuid(status.uuid);
  if (known) return known;
  const domain = newDomain(status);
  table.add(domain);
  return domain;
}
