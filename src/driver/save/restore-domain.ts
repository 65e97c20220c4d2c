import {VirtError} from '../../base/virt-error.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatState} from '../../model/domain-state.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {DefaultsSource} from '../definition-store.ts';
import type {Domain} from '../domain.ts';
import type {DomainJobs, RestoredFrom} from '../domain-jobs.ts';
import {newDomain} from '../domain-table.ts';
import type {DriverContext} from '../driver-context.ts';
import type {EmulatorRegistry} from '../emulators/emulator-registry.ts';
import {findIdentity, type IdentityContext} from '../find-identity.ts';
import {guestRunDir, type InstancePaths} from '../instance-paths.ts';
import {restoreSocket} from './restore-stream.ts';
import {quoteForExec} from './save-domain.ts';
import {lendSaveImage, readSaveImage} from './save-image.ts';

export interface RestoreContext extends Pick<DriverContext, 'table' | 'defaults' | 'uid' | 'gid' | 'paths'> {
  readonly jobs: DomainJobs;
}

/**
 * Lets a guest go on that was saved in a file.
 *
 * @param options.runs  as it was when it was saved if not said
 * @throws {VirtError} OPERATION_FAILED for what is no saved guest, OPERATION_INVALID where the domain runs, else as a start
 */
export async function restoreDomain(
  path: string,
  options: {readonly runs?: boolean},
  driver: RestoreContext,
): Promise<{readonly name: string}> {
  const {table, jobs} = driver;
  const {context} = await jobs.startContext(path);
  const saved = await openSavedGuest(path, {...driver, settings: context.settings, registry: context.registry});
  const {def, wasRunning, giveBack} = saved;
  try {
    const known = table.byUuid(def.uuid) ?? table.byName(def.name);
    const domain = known ?? newDomain(def);
    if (known && (known.live || known.uuid !== def.uuid)) throw cannotRestore(known, path);
    if (!known) table.add(domain);
    const goesOn = {...saved, runs: options.runs ?? wasRunning};
    await domain.enqueue(() => jobs.start(domain, def, goesOn));
    return {name: def.name};
  } finally {
    await giveBack();
  }
}

/** A guest that goes on from a file. */
interface SavedGuest extends Pick<RestoredFrom, 'migrateFrom' | 'state'> {
  readonly def: DomainDef;
  readonly wasRunning: boolean;
  /** To be called when the state was read, or could not be. */
  readonly giveBack: () => Promise<void>;
}

interface OpenContext extends IdentityContext {
  readonly defaults: DefaultsSource;
  readonly paths: InstancePaths;
  readonly registry: Pick<EmulatorRegistry, 'forDomain'>;
}

/**
 * Reads who is saved in a file. Where the emulator has to read it by itself, it is lent to the guest's user.
 *
 * @throws {VirtError} OPERATION_FAILED for what is no saved guest, else as the look for its emulator
 */
async function openSavedGuest(path: string, context: OpenContext): Promise<SavedGuest> {
  const {xml, wasRunning, stateOffset} = await readSaveImage(path);
  const {def} = parseDomain(xml, context.defaults);
  if (!def)
    throw new VirtError(
      'OPERATION_FAILED',
      'QEMU',
      `cannot restore a guest from '${path}': its definition cannot be read`,
    );
  const {caps} = await context.registry.forDomain(def);
  if (caps.flags.has('qmp')) {
    const migrateFrom = `unix:${restoreSocket(guestRunDir(context.paths, def.uuid))}`;
    return {def, wasRunning, migrateFrom, state: {path, offset: stateOffset}, giveBack: async () => {}};
  }
  const guest = await findIdentity(def, context);
  return {
    def,
    wasRunning,
    migrateFrom: `exec:tail -c +${stateOffset + 1} ${quoteForExec(path)}`,
    giveBack: await lendSaveImage(path, guest),
  };
}

function cannotRestore({name, state, live}: Domain, path: string): VirtError {
  const why = live ? `domain '${name}' is ${formatState(state)}` : `there is another domain '${name}'`;
  return new VirtError('OPERATION_INVALID', 'QEMU', `cannot restore a guest from '${path}': ${why}`);
}
