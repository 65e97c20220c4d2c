import {VirtError} from '../../base/virt-error.ts';
import {readTextFrom} from '../../host/files.ts';
import {waitForChange} from '../../host/wait-for.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {asString, field} from '../../monitor/qmp-json.ts';
import {wordsOf} from '../domain-end.ts';
import {restoreSocket, restoreStream, type SavedState} from './restore-stream.ts';

const RECEIVE_TIMEOUT_MS = 3_600_000;
const POLL_MS = 100;

/** Up to 0.15 the emulator says this, and goes on with a machine that was just switched on. Source: QEMU 0.10, migration-exec.c. */
const FAILED = /load of migration failed/;

export interface ReceivePlace {
  readonly name: string;
  readonly runDir: string;
  readonly guestDir: string;
  readonly logPath: string;
  /** Where this run begins in the log, bytes. */
  readonly logOffset: number;
  /** What it is to be sent; absent where it reads by itself. */
  readonly state?: SavedState;
}

/**
 * Waits until an emulator has read the state that it was started with, and sends it that.
 *
 * @throws {VirtError} OPERATION_FAILED with its words when it cannot, OPERATION_TIMEOUT
 */
export async function receiveState(monitor: MonitorClient, place: ReceivePlace): Promise<void> {
  const {name, runDir, guestDir, state, logPath, logOffset} = place;
  const what = `cannot restore domain '${name}'`;
  const words = async () => wordsOf(await readTextFrom(logPath, logOffset, 65_536));
  const failed = async (cause?: unknown) => {
    const more = {detail: await words(), ...(cause === undefined ? {} : {cause})};
    return new VirtError('OPERATION_FAILED', 'QEMU', `${what}: its emulator cannot read the state`, more);
  };
  const look = async () => {
    const status = field(await monitor.execute('query-status'), 'status', asString, 'query-status');
    return status === 'inmigrate' ? undefined : status;
  };
  const read = () => waitForChange(runDir, look, {timeoutMs: RECEIVE_TIMEOUT_MS, recheckMs: POLL_MS});
  let status: string | undefined;
  let cut: VirtError | undefined;
  try {
    if (state) cut = await restoreStream(restoreSocket(guestDir), state);
    status = await read();
  } catch (cause) {
    throw await failed(cut ?? cause);
  }
  if (status === undefined) throw new VirtError('OPERATION_TIMEOUT', 'QEMU', `${what}: its state was not read in time`);
  if ((await words()).some(line => FAILED.test(line))) throw await failed();
}
