import {changeTimes} from '../../host/file-identity.ts';
import {ensurePrivateDir} from '../../host/files.ts';
import {readFact} from '../../host/host-facts.ts';
import type {KvmStatus} from '../../model/capabilities.ts';
import {asBoolean, asString, field, isQmpObject, type QmpValue} from '../../monitor/qmp-json.ts';
import {readKvmStatus} from '../host-info/read-host-info.ts';
import {findEmulators} from './find-emulators.ts';
import {programStamp, readModulesStamp} from './program-stamp.ts';
import {searchDirs} from './search-dirs.ts';
import {StampedStore} from './stamped-store.ts';

/** What was printed of guests, for who asks again before anything has changed. */
export interface GuestSnapshot {
  readonly kvm: KvmStatus;
  /** As `formatGuestsXml` made it. */
  readonly guestsXml: string;
}

export interface SnapshotPlace {
  readonly cacheDir: string;
  /** The path of qemu.conf, which need not be there. */
  readonly configuration: string;
  /** The path of the program that printed it: another build may print otherwise. */
  readonly program: string;
}

const NAME = 'guests';

/**
 * All that guests depend on, seen now: every file that may be an emulator, what it loads, KVM's device, this start of
 * the host, and when an answer of an emulator or a trial of KVM was last kept.
 */
export async function lookAtGuests({cacheDir, configuration, program}: SnapshotPlace): Promise<string> {
  const dirs = await searchDirs(configuration, () => {}); // whoever probes tells what is wrong with it
  const [found, modules, kvm, bootId] = await Promise.all([
    findEmulators(dirs),
    readModulesStamp(),
    readKvmStatus(),
    readFact('/proc/sys/kernel/random/boot_id'),
  ]);
  const emulators = found.map(emulator =>
    'why' in emulator ? emulator.why : [...emulator.names, programStamp(emulator.file, '')].join('\n'),
  );
  const device = kvm.usable ? 'opens' : kvm.why;
  const files = [program, cacheDir, `${cacheDir}/kvm`].map(path => changeTimes(path) ?? '');
  return [...files, bootId ?? '', device, modules, ...dirs, ...emulators].join('\n');
}

/** What was kept for exactly this look; undefined when something is new, or it cannot be read. */
export async function readGuestSnapshot(place: SnapshotPlace): Promise<GuestSnapshot | undefined> {
  const kept = storeIn(place).read(NAME);
  return kept !== undefined && kept.stamp === (await lookAtGuests(place)) ? kept.value : undefined;
}

/** Makes the directory, so that what is written into it changes nothing that is looked at. @throws {VirtError} SYSTEM_ERROR */
export async function prepareGuestSnapshot({cacheDir}: SnapshotPlace): Promise<void> {
  await ensurePrivateDir(directoryIn(cacheDir));
}

/** @param look  from before the emulators were looked at. @throws {VirtError} SYSTEM_ERROR when the directory cannot be written */
export async function keepGuestSnapshot(place: SnapshotPlace, look: string, snapshot: GuestSnapshot): Promise<void> {
  const {kvm, guestsXml} = snapshot;
  const status = kvm.usable ? {usable: true, tried: kvm.tried === true} : {usable: false, why: kvm.why};
  await storeIn(place).write(NAME, look, {kvm: status, guestsXml});
}

function storeIn({cacheDir}: SnapshotPlace): StampedStore<GuestSnapshot> {
  return new StampedStore(directoryIn(cacheDir), decodeSnapshot);
}

function directoryIn(cacheDir: string): string {
  return `${cacheDir}/printed`;
}

function decodeSnapshot(value: QmpValue): GuestSnapshot {
  const where = 'the capability cache';
  const kvm = isQmpObject(value) ? value.kvm : undefined;
  const usable = field(kvm, 'usable', asBoolean, where);
  return {
    kvm: usable
      ? {usable, ...(isQmpObject(kvm) && kvm.tried === true ? {tried: true} : {})}
      : {usable, why: field(kvm, 'why', asString, where)},
    guestsXml: field(value, 'guestsXml', asString, where),
  };
}
