import {VirtError} from '../../base/virt-error.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import {type Claimant, claimFile} from './claim-file.ts';
import {type GrantRequest, isEntryOf, ownerIn} from './grant-files.ts';
import {type GrantRecord, readGrants} from './grant-registry.ts';
import {openGrant} from './open-grant.ts';

/** Files that a domain would not be given now, by their paths, with the reason. Nothing is made, changed or written down. */
export async function refusedGrants({
  registry,
  grants,
  ...claimant
}: GrantRequest): Promise<ReadonlyMap<string, VirtError>> {
  const record = await readGrants(registry);
  const refused = new Map<string, VirtError>();
  for (const grant of grants) {
    try {
      await tryToClaim(grant, record, claimant);
    } catch (error) {
      if (!(error instanceof VirtError)) throw error;
      refused.set(grant.path, error);
    }
  }
  return refused;
}

async function tryToClaim({create: _, ...grant}: FileGrant, record: GrantRecord, claimant: Claimant): Promise<void> {
  const file = await openGrant(grant, {domain: claimant.domain, ownerOf: ownerIn(record)});
  if (file.is === 'left') return;
  const {dev, ino} = file.stats;
  await file.handle.close();
  const known = record.entries.find(entry => isEntryOf(entry, file.stats));
  claimFile(grant, {dev: String(dev), ino: String(ino), bootId: '', now: {}}, known, claimant);
}
