import {VirtError} from '../../base/virt-error.ts';
import {type ReceivedStream, receiveStream} from '../../host/receive-stream.ts';
import {waitForChange} from '../../host/wait-for.ts';
import type {SaveOptions} from '../../model/hypervisor.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {QmpCommandError} from '../../monitor/qmp-client.ts';
import {asString, field, isQmpObject, type QmpObject, type QmpValue} from '../../monitor/qmp-json.ts';
import {socketDirectory} from '../live-status.ts';
import type {RunningDomain} from '../running-domain.ts';

/** For a guest with much memory on a slow disk. */
export const SAVE_TIMEOUT_MS = 3_600_000;
const POLL_MS = 50;
/** Bytes a second: as good as no limit. The emulator's own, 32 MiB or 128 MiB a second, is made for a network. */
const NO_LIMIT = 2 ** 40;
/** Of a migration that goes on. Source: QEMU 9.0, qapi/migration.json, MigrationStatus. */
const UNDER_WAY = new Set(['none', 'setup', 'active', 'device', 'pre-switchover', 'cancelling', 'postcopy-active']);

/**
 * Lets an emulator with QMP send its state to a socket in the directory of its run, and appends it to a file. The emulator
 * starts no program for that and opens no file, so its seccomp filter, its user and its label need no exception.
 *
 * @throws {VirtError} OPERATION_FAILED with why; OPERATION_ABORTED when it is given up. The guest is as it was, and stands still
 */
export async function saveStream(run: RunningDomain, path: string, options: SaveOptions): Promise<void> {
  const {status, monitor, paths} = run;
  const socket = `${socketDirectory(status, paths)}/save.sock`;
  const {groups, uid, gid} = status.confinement ?? {};
  const owner = groups === undefined || uid === undefined || gid === undefined ? {} : {owner: {uid, gid}};
  const stream = await receiveStream({socket, path, ...owner});
  const giveBack = await liftLimit(monitor);
  try {
    await monitor.execute('migrate', {uri: `unix:${socket}`});
    await follow(run, stream, path, options);
    await stream.ended;
  } catch (error) {
    stream.dispose();
    await cancel(run);
    throw error instanceof QmpCommandError ? cannotSave(status.name, error.message, error) : error;
  } finally {
    stream.dispose();
    await giveBack();
  }
}

async function follow(
  {status, monitor, runDir}: RunningDomain,
  stream: ReceivedStream,
  path: string,
  {isGivenUp, onProgress}: SaveOptions,
): Promise<void> {
  const look = async () => {
    const answer = await monitor.execute('query-migrate');
    onProgress?.({bytes: stream.bytes, ...remainingIn(answer)});
    if (stream.failure) throw stream.failure;
    if (isGivenUp?.()) throw givenUp(status.name);
    const state = field(answer, 'status', asString, 'query-migrate');
    if (UNDER_WAY.has(state)) return undefined;
    return {state, why: isQmpObject(answer) ? answer['error-desc'] : undefined};
  };
  const end = await waitForChange(runDir, look, {timeoutMs: SAVE_TIMEOUT_MS, recheckMs: POLL_MS});
  if (end?.state === 'completed') return;
  const minutes = SAVE_TIMEOUT_MS / 60_000;
  const says = typeof end?.why === 'string' ? end.why : `'${end?.state}'`;
  const why = end === undefined ? `it is not done after ${minutes} min` : `the emulator says ${says}`;
  throw cannotSave(status.name, `its state is not in '${path}': ${why}`);
}

function remainingIn(answer: QmpValue): {readonly remainingBytes?: number} {
  const ram = isQmpObject(answer) ? answer.ram : undefined;
  const remaining = isQmpObject(ram) ? ram.remaining : undefined;
  return typeof remaining === 'number' || typeof remaining === 'bigint' ? {remainingBytes: Number(remaining)} : {};
}

/** A guest goes on only when its emulator sends no more. One that is gone sends nothing. */
async function cancel({monitor, runDir}: RunningDomain): Promise<void> {
  const over = async () => {
    const answer = await monitor.execute('query-migrate');
    const state = isQmpObject(answer) ? answer.status : undefined;
    return state === undefined || state === 'none' || !UNDER_WAY.has(String(state)) || undefined;
  };
  try {
    await monitor.execute('migrate_cancel');
    await waitForChange(runDir, over, {timeoutMs: CANCEL_TIMEOUT_MS, recheckMs: POLL_MS});
  } catch (error) {
    if (!(error instanceof VirtError)) throw error; // what went wrong before is told
  }
}

const CANCEL_TIMEOUT_MS = 10_000;

/** @returns puts the limit back that was there */
async function liftLimit(monitor: MonitorClient): Promise<() => Promise<void>> {
  try {
    const before = await monitor.execute('query-migrate-parameters');
    const limit = isQmpObject(before) ? before['max-bandwidth'] : undefined;
    await monitor.execute('migrate-set-parameters', {'max-bandwidth': NO_LIMIT});
    if (limit === undefined) return async () => {};
    return () => ignoring(monitor, 'migrate-set-parameters', {'max-bandwidth': limit});
  } catch (error) {
    if (!(error instanceof QmpCommandError)) throw error;
    await ignoring(monitor, 'migrate_set_speed', {value: NO_LIMIT}); // before 2.8
    return async () => {};
  }
}

/** For what makes it faster or slower only. */
async function ignoring(monitor: MonitorClient, command: string, parameters: QmpObject): Promise<void> {
  await monitor.execute(command, parameters).catch((error: unknown) => {
    if (!(error instanceof VirtError)) throw error;
  });
}

/** When somebody has given it up. */
export function givenUp(name: string): VirtError {
  return new VirtError('OPERATION_ABORTED', 'QEMU', `domain '${name}' was not saved: that was given up`);
}

function cannotSave(name: string, why: string, cause?: unknown): VirtError {
  return new VirtError(
    'OPERATION_FAILED',
    'QEMU',
    `cannot save domain '${name}': ${why}`,
    cause === undefined ? {} : {cause},
  );
}
