import {rm, stat, symlink} from 'node:fs/promises';
import {UndoStack} from '../../base/disposable.ts';
import {problemsError} from '../../base/problem.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {appendText, ensurePrivateDir, fileError} from '../../host/files.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {type AdoptResult, runnerSentence} from '../../model/foreign-guest.ts';
import {formatDomain} from '../../model/format-domain.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {asString, field} from '../../monitor/qmp-json.ts';
import {NO_NAME, NO_UUID} from '../argv-parse/unnamed.ts';
import {acceptDefinition} from '../define-domain.ts';
import type {Domain} from '../domain.ts';
import {stateOfStatus} from '../domain-life.ts';
import {newDomain} from '../domain-table.ts';
import type {DriverContext} from '../driver-context.ts';
import {domainLogPath, domainRunDir, monitorPath} from '../instance-paths.ts';
import {stamp} from '../launch.ts';
import {RunningDomain} from '../running-domain.ts';
import {adoptedStatus, lacksOf} from './adopted-status.ts';
import type {ForeignGuests} from './foreign-guests.ts';
import {busyReason, connectForeign} from './foreign-monitor.ts';
import type {FoundGuest} from './found-guest.ts';

export interface AdoptOptions extends DriverContext {
  /** What it is called here; else as its command line says. */
  readonly name?: string;
  readonly guests: ForeignGuests;
}

/** A monitor that is free answers at once. */
const TIMEOUT_MS = 5_000;

/**
 * Makes a guest that others started a domain of this instance. Its definition is what its command line comes to. Where its
 * monitor is free, the run is this instance's from then on: found again after a restart, and its end noticed.
 *
 * @throws {VirtError} OPERATION_INVALID for a domain of this instance, XML_ERROR where its command line is no domain or its
 * name is taken
 */
export async function adoptGuest(text: string, options: AdoptOptions): Promise<AdoptResult> {
  const {guests, table} = options;
  const known = table.findOwn(text);
  const found = known ? undefined : await guests.lookUp(text);
  if (!found) {
    const own = known ?? table.find(text);
    const message = `cannot adopt domain '${own.name}': it is this instance's already`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', message);
  }
  const def = await acceptedDefinition(found, options);
  const monitor = await takeMonitor(found);
  const undo = new UndoStack();
  try {
    const domain = await define(def, options, undo);
    const base = {name: def.name, uuid: def.uuid};
    if (!monitor.client) {
      undo.commit();
      table.emit({
        type: 'warning',
        domain: def.name,
        message: `only defined, its process goes on as it was: ${monitor.why}`,
      });
      return {...base, notTakenOver: monitor.why, lacks: []};
    }
    const run = await takeOver(found, def, {...options, ...monitor, monitor: monitor.client}, undo);
    undo.commit();
    table.adopt(domain, run);
    table.changed(domain);
    table.foreignGone(found.domain);
    const lacks = lacksOf(run.status);
    for (const message of lacks) table.emit({type: 'warning', domain: def.name, message});
    return {...base, lacks};
  } catch (error) {
    monitor.client?.dispose();
    await undo.undoAll();
    throw error;
  }
}

/** The definition as this instance takes it, with a UUID and a name of its own where the command line gives none. */
async function acceptedDefinition({def, domain, process}: FoundGuest, options: AdoptOptions): Promise<DomainDef> {
  const {table, defaults} = options;
  if (!def) {
    throw problemsError(
      `cannot adopt domain '${domain.name}': its command line is no domain`,
      domain.parts.foreign?.problems ?? [],
    );
  }
  const name = options.name ?? (def.name === NO_NAME ? `guest-${process.pid}` : def.name);
  const owner = table.byUuid(def.uuid);
  const isTaken = def.uuid === NO_UUID || (owner !== undefined && (owner.name !== name || owner.live !== undefined));
  const uuid = isTaken ? defaults.newUuid() : def.uuid;
  try {
    return (await acceptDefinition(formatDomain({...def, name, uuid}), {table, defaults})).def;
  } catch (error) {
    throw options.name === undefined ? withNameHint(error) : error;
  }
}

function withNameHint(error: unknown): unknown {
  if (!(error instanceof VirtError) || error.code !== 'XML_ERROR') return error;
  const {code, domain, message, detail} = error;
  return new VirtError(code, domain, message, {detail, cause: error, hint: 'choose another name with --name'});
}

type TakenMonitor =
  | {readonly client: MonitorClient; readonly socket: string; readonly protocol: 'qmp' | 'hmp'}
  | {readonly client?: undefined; readonly why: string};

/** Connects to its monitor if that is free. */
async function takeMonitor({domain}: FoundGuest): Promise<TakenMonitor> {
  const reach = domain.parts.foreignMonitor;
  if (reach?.is !== 'free') return {why: await busyReason(reach)};
  const {path, protocol} = reach;
  try {
    return {client: await connectForeign(path, protocol, TIMEOUT_MS), socket: path, protocol};
  } catch (error) {
    return {why: messageOf(error)};
  }
}

async function define(def: DomainDef, {table, definitions}: AdoptOptions, undo: UndoStack): Promise<Domain> {
  const known = table.byUuid(def.uuid);
  const before = known?.parts.def;
  await definitions.save(def);
  undo.push('define the domain', () => (before ? definitions.save(before) : definitions.remove(def.name)));
  const domain = known ?? newDomain(def);
  domain.parts.def = def;
  if (!known) table.add(domain);
  undo.push('list the domain', async () => {
    domain.parts.def = before;
    table.changed(domain);
  });
  table.changed(domain);
  return domain;
}

interface TakeOverOptions extends AdoptOptions {
  readonly monitor: MonitorClient;
  readonly socket: string;
  readonly protocol: 'qmp' | 'hmp';
}

/** Writes the run down as one of this instance's: whoever opens it next finds the monitor by the same path as of any other. */
async function takeOver(
  found: FoundGuest,
  def: DomainDef,
  options: TakeOverOptions,
  undo: UndoStack,
): Promise<RunningDomain> {
  const {paths, monitor, socket, now} = options;
  const runDir = domainRunDir(paths, def.uuid);
  await ensurePrivateDir(runDir);
  undo.push('make the runtime directory', () => rm(runDir, {recursive: true, force: true}));
  const logPath = domainLogPath(paths, def.name);
  const {foreign} = found.domain.parts;
  const whose = foreign ? `: ${runnerSentence(foreign)}` : '';
  await appendText(logPath, `${stamp(now())}virtty: adopted process ${found.process.pid}${whose}\n`);
  const state = stateOfStatus(field(await monitor.execute('query-status'), 'status', asString, 'query-status'));
  const logOffset = (await stat(logPath)).size;
  const status = adoptedStatus(found, def, {id: await options.nextId(), state, logOffset, protocol: options.protocol});
  const run = new RunningDomain({status, monitor, paths, logPath, now});
  undo.push('take the run over', async () => run.dispose());
  // First the status: a directory with a monitor and without it is one of a start that was cut short, which is ended.
  await run.begin();
  await linkTo(socket, monitorPath(runDir));
  return run;
}

async function linkTo(target: string, path: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    throw fileError('link to the monitor with', path, error);
  }
}
