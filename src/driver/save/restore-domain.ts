import {VirtError} from '../../base/virt-error.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {DefaultsSource} from '../definition-store.ts';
import type {EmulatorRegistry} from '../emulators/emulator-registry.ts';
import {findIdentity, type IdentityContext} from '../find-identity.ts';
import {guestRunDir, type InstancePaths} from '../instance-paths.ts';
import {restoreSocket, type SavedState} from './restore-stream.ts';
import {quoteForExec} from './save-domain.ts';
import {lendSaveImage, readSaveImage} from './save-image.ts';

/** A guest that goes on from a file. */
export interface SavedGuest {
  readonly def: DomainDef;
  readonly wasRunning: boolean;
  /** For `-incoming`. */
  readonly migrateFrom: string;
  /** What is to be sent to an emulator that waits for it; absent for one that reads the file by itself. */
  readonly state?: SavedState;
  /** To be called when the state was read, or could not be. */
  readonly giveBack: () => Promise<void>;
}

export interface RestoreContext extends IdentityContext {
  readonly defaults: DefaultsSource;
  readonly paths: InstancePaths;
  readonly registry: Pick<EmulatorRegistry, 'forDomain'>;
}

/**
 * Reads who is saved in a file. Where the emulator has to read it by itself, it is lent to the guest's user.
 *
 * @throws {VirtError} OPERATION_FAILED for what is no saved guest, else as the look for its emulator
 */
export async function openSavedGuest(path: string, context: RestoreContext): Promise<SavedGuest> {
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
