import {VirtError} from '../../base/virt-error.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {DefaultsSource} from '../definition-store.ts';
import {findIdentity, type IdentityContext} from '../find-identity.ts';
import {quoteForExec} from './save-domain.ts';
import {lendSaveImage, readSaveImage} from './save-image.ts';

/** A guest that goes on from a file. */
export interface SavedGuest {
  readonly def: DomainDef;
  readonly wasRunning: boolean;
  /** For `-incoming`. */
  readonly migrateFrom: string;
  /** To be called when the state was read, or could not be. */
  readonly giveBack: () => Promise<void>;
}

/** Reads who is saved in a file, and lends it to the guest's user. @throws {VirtError} OPERATION_FAILED for what is no saved guest */
export async function openSavedGuest(
  path: string,
  context: IdentityContext & {readonly defaults: DefaultsSource},
): Promise<SavedGuest> {
  const {xml, wasRunning, stateOffset} = await readSaveImage(path);
  const {def} = parseDomain(xml, context.defaults);
  if (!def)
    throw new VirtError(
      'OPERATION_FAILED',
      'QEMU',
      `cannot restore a guest from '${path}': its definition cannot be read`,
    );
  const guest = await findIdentity(def, context);
  return {
    def,
    wasRunning,
    migrateFrom: `exec:tail -c +${stateOffset + 1} ${quoteForExec(path)}`,
    giveBack: await lendSaveImage(path, guest),
  };
}
