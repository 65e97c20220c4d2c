import type {Capabilities} from '../../model/capabilities.ts';
import {formatGuestsXml} from '../../model/capabilities-xml.ts';
import type {EmulatorRegistry} from './emulator-registry.ts';
import {
  keepGuestSnapshot,
  lookAtGuests,
  prepareGuestSnapshot,
  readGuestSnapshot,
  type SnapshotPlace,
} from './guest-snapshot.ts';
import {searchDirs} from './search-dirs.ts';

/**
 * Keeps what is printed of guests, once all emulators have been asked. They are looked at a second time for that, after the
 * look that is kept with it: what changed since they were found is never taken for known. Nothing is kept while an emulator
 * fails, since it is asked again each time, nor when the configuration names other directories by now.
 *
 * @param build  what the registry knows then
 * @throws {VirtError} SYSTEM_ERROR when the cache cannot be written
 */
export async function keepGuests(
  registry: Pick<EmulatorRegistry, 'known' | 'searched' | 'refresh'>,
  place: SnapshotPlace,
  build: () => Promise<Capabilities>,
): Promise<void> {
  const isKnown = () => registry.known().every(({status}) => status === 'ok');
  if (!isKnown() || (await readGuestSnapshot(place)) !== undefined) return;
  await prepareGuestSnapshot(place);
  const look = await lookAtGuests(place);
  const dirs = await searchDirs(place.configuration, () => {}); // whoever probes tells what is wrong with it
  if (dirs.join('\n') !== registry.searched.join('\n')) return;
  await registry.refresh();
  const capabilities = await build();
  if (!isKnown() || look !== (await lookAtGuests(place))) return;
  const {kvm} = capabilities.host;
  await keepGuestSnapshot(place, look, {kvm, guestsXml: formatGuestsXml(capabilities)});
}
