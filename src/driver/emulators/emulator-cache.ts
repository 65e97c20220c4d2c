import type {EmulatorCaps, LearntCaps} from '../../model/capabilities.ts';
import {changesBetween} from '../../model/caps-changes.ts';
import {EMULATOR_FLAGS} from '../../model/emulator-flags.ts';
import {
  asArray,
  asNumber,
  asString,
  field,
  isQmpObject,
  type QmpObject,
  type QmpValue,
} from '../../monitor/qmp-json.ts';
import {decodeCaps, encodeCaps} from './caps-json.ts';
import {StampedStore} from './stamped-store.ts';

const WHERE = 'the capability cache';

/** Raised when what is stored, or what the same answers mean, changes. */
const FORMAT = 4;

/** For so long a program that did not answer in time is not waited for again. */
const PATIENCE_MS = 60 * 60 * 1000;

/** A program that did not answer in time. */
interface RememberedSilence {
  readonly why: string;
  readonly atMs: number;
}

/** What an emulator answered, and when that was new. */
export interface RememberedCaps {
  readonly caps: EmulatorCaps;
  readonly learnt: LearntCaps;
}

/** What emulators answered before. */
export class EmulatorCache {
  readonly #store: StampedStore<RememberedCaps>;
  readonly #silent: StampedStore<RememberedSilence>;

  constructor(directory: string) {
    this.#store = new StampedStore(directory, decodeRemembered);
    this.#silent = new StampedStore(`${directory}/silent`, decodeSilence);
  }

  /**
   * What the program of a path answered when it had this stamp; undefined when that is not known.
   *
   * @throws {VirtError} SYSTEM_ERROR when the file is there and cannot be read
   */
  read(path: string, stamp: string): RememberedCaps | undefined {
    const found = this.#store.read(path);
    return found?.stamp === fullStamp(stamp) ? found.value : undefined;
  }

  /**
   * Why the program of a path did not answer in time, if that was in the last hour: each look at the host would wait for it.
   *
   * @throws {VirtError} SYSTEM_ERROR when the file is there and cannot be read
   */
  readSilence(path: string, stamp: string, nowMs: number): string | undefined {
    const found = this.#silent.read(path);
    const isRecent = found?.stamp === stamp && Math.abs(nowMs - found.value.atMs) < PATIENCE_MS;
    return isRecent ? found.value.why : undefined;
  }

  /** @throws {VirtError} SYSTEM_ERROR when the directory cannot be written */
  async writeSilence(path: string, stamp: string, why: string, nowMs: number): Promise<void> {
    await this.#silent.write(path, stamp, {why, atMs: nowMs});
  }

  /**
   * Keeps new answers, with what is new in them against the ones before, be they of another version of the program.
   *
   * @throws {VirtError} SYSTEM_ERROR when the directory cannot be written
   */
  async write(path: string, stamp: string, caps: EmulatorCaps, nowMs: number): Promise<RememberedCaps> {
    const remembered = {caps, learnt: learntNow(this.#store.read(path)?.value, caps, nowMs)};
    await this.#store.write(path, fullStamp(stamp), encodeRemembered(remembered));
    return remembered;
  }
}

function decodeSilence(value: QmpValue): RememberedSilence {
  return {why: field(value, 'why', asString, WHERE), atMs: field(value, 'atMs', asNumber, WHERE)};
}

/** The same answers to other questions are not the same knowledge. */
function fullStamp(stamp: string): string {
  return `${FORMAT} ${EMULATOR_FLAGS.join(' ')}\n${stamp}`;
}

function learntNow(before: RememberedCaps | undefined, caps: EmulatorCaps, nowMs: number): LearntCaps {
  if (before === undefined) return {sinceMs: nowMs};
  const changes = changesBetween(before.caps, caps, before.learnt.sinceMs);
  return changes === undefined ? before.learnt : {sinceMs: nowMs, changes};
}

function encodeRemembered({caps, learnt: {sinceMs, changes}}: RememberedCaps): QmpObject {
  if (changes === undefined) return {sinceMs, caps: encodeCaps(caps)};
  const {beforeMs, beforeVersion, machines, cpuModels, devices} = changes;
  const kinds = {machines: {...machines}, cpuModels: {...cpuModels}, devices: {...devices}};
  return {sinceMs, changes: {beforeMs, beforeVersion, ...kinds}, caps: encodeCaps(caps)};
}

function decodeRemembered(value: QmpValue): RememberedCaps {
  const of = isQmpObject(value) ? value : {};
  const sinceMs = field(value, 'sinceMs', asNumber, WHERE);
  return {
    caps: decodeCaps(of.caps),
    learnt: {sinceMs, ...(of.changes === undefined ? {} : {changes: decodeChanges(of.changes)})},
  };
}

function decodeChanges(value: QmpValue): NonNullable<LearntCaps['changes']> {
  const of = isQmpObject(value) ? value : {};
  return {
    beforeMs: field(value, 'beforeMs', asNumber, WHERE),
    beforeVersion: field(value, 'beforeVersion', asString, WHERE),
    machines: decodeNames(of.machines),
    cpuModels: decodeNames(of.cpuModels),
    devices: decodeNames(of.devices),
  };
}

function decodeNames(value: QmpValue | undefined): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
} {
  const names = (which: string) => field(value, which, asArray, WHERE).flatMap(name => asString(name) ?? []);
  return {added: names('added'), removed: names('removed')};
}
