import {VirtError} from '../../base/virt-error.ts';
import {readTextFrom} from '../../host/files.ts';
import {waitForChange} from '../../host/wait-for.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {asString, field} from '../../monitor/qmp-json.ts';
import {wordsOf} from '../domain-end.ts';

const RECEIVE_TIMEOUT_MS = 3_600_000;
const POLL_MS = 100;

/** Up to 0.15 the emulator says this, and goes on with a machine that was just switched on. Source: QEMU 0.10, migration-exec.c. */
const FAILED = /load of migration failed/;

/**
 * Waits until an emulator has read the state that it was started with.
 *
 * @throws {VirtError} OPERATION_FAILED with its words when it cannot, OPERATION_TIMEOUT
 */
export async function receiveState(
  monitor: MonitorClient,
  where: {readonly name: string; readonly runDir: string; readonly logPath: string; readonly logOffset: number},
): Promise<void> {
  const {name, runDir, logPath, logOffset} = where;
  const look = async () => {
    const status = field(await monitor.execute('query-status'), 'status', asString, 'query-status');
    return status === 'inmigrate' ? undefined : status;
  };
  const what = `cannot restore domain '${name}'`;
  const status = await waitForChange(runDir, look, {timeoutMs: RECEIVE_TIMEOUT_MS, recheckMs: POLL_MS});
  if (status === undefined) throw new VirtError('OPERATION_TIMEOUT', 'QEMU', `${what}: its state was not read in time`);
  const words = wordsOf(await readTextFrom(logPath, logOffset, 65_536));
  if (words.some(line => FAILED.test(line))) {
    throw new VirtError('OPERATION_FAILED', 'QEMU', `${what}: its emulator cannot read the state`, {detail: words});
  }
}
