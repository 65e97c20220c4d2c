import {dirname} from 'node:path';
import {VirtError} from '../../base/virt-error.ts';
import {readTextFrom} from '../../host/files.ts';
import {openRawPty} from '../../host/raw-pty.ts';
import {waitForChange} from '../../host/wait-for.ts';
import {connectHmp} from '../../monitor/connect-monitor.ts';
import {HmpMonitor} from '../../monitor/hmp-monitor.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {QmpCommandError} from '../../monitor/qmp-client.ts';
import {parsePtyLines, type TextMonitor} from './plan-text-monitor.ts';

export interface PtysOptions {
  /** Where the emulator's standard error goes, and from where on. */
  readonly logPath: string;
  readonly logOffset: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The ptys of an emulator that was just started. */
export interface MadePtys {
  readonly monitor: string;
  /** By the id of the chardev, e.g. `charserial0`. */
  readonly lines: ReadonlyMap<string, string>;
}

const MAX_PRINTED_BYTES = 65_536;

/**
 * Waits until an emulator has named all its ptys.
 *
 * @throws {VirtError} OPERATION_FAILED when it ends or hangs before: an encrypted disk to boot from hangs 0.9.1 and 0.10
 */
export async function waitForPtys({lines}: TextMonitor, options: PtysOptions): Promise<MadePtys> {
  const {logPath, logOffset, timeoutMs, signal} = options;
  const look = async () => {
    const paths = parsePtyLines(await readTextFrom(logPath, logOffset, MAX_PRINTED_BYTES));
    return paths.length > lines.length ? paths : undefined;
  };
  const [monitor, ...others] = (await waitForChange(dirname(logPath), look, {timeoutMs, signal})) ?? [];
  if (monitor === undefined) throw new VirtError('OPERATION_FAILED', 'QEMU', 'the emulator has named no monitor');
  return {monitor, lines: new Map(lines.flatMap((line, index) => [[line, others[index] ?? '']] as const))};
}

/**
 * Takes the monitor of an emulator on its pty.
 *
 * @param isRunning  whether its guest runs, as far as it is known
 * @throws {VirtError} as `connectHmp`, SYSTEM_ERROR when the pty is gone
 */
export async function openTextMonitor(
  pty: string,
  {timeoutMs, isRunning}: {readonly timeoutMs: number; readonly isRunning?: boolean},
): Promise<HmpMonitor> {
  const client = await connectHmp(openRawPty(pty), {timeoutMs});
  return new HmpMonitor(client, isRunning === undefined ? {} : {isRunning});
}

/** Whether a text monitor says if its guest runs: `info status` came with 0.10. */
export async function tellsState(monitor: MonitorClient): Promise<boolean> {
  try {
    await monitor.execute('query-status');
    return true;
  } catch (error) {
    if (error instanceof QmpCommandError) return false;
    throw error;
  }
}
