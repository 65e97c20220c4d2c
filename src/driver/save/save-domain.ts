import {VirtError} from '../../base/virt-error.ts';
import {removeFile} from '../../host/files.ts';
import {isAlive} from '../../host/proc.ts';
import {waitForChange} from '../../host/wait-for.ts';
import {devicesOf} from '../../model/domain-def.ts';
import type {SaveOptions} from '../../model/hypervisor.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {QmpCommandError} from '../../monitor/qmp-client.ts';
import {asString, field} from '../../monitor/qmp-json.ts';
import type {DefaultsSource} from '../definition-store.ts';
import type {LiveStatus} from '../live-status.ts';
import type {RunningDomain} from '../running-domain.ts';
import {beginSaveImage, finishSaveImage} from './save-image.ts';
import {givenUp, SAVE_TIMEOUT_MS, saveStream} from './save-stream.ts';

const POLL_MS = 100;

/**
 * Saves a guest: stops it, writes its state into a file as libvirt writes it, and ends it.
 *
 * @param path  absolute; the file is not there yet
 * @throws {VirtError} OPERATION_UNSUPPORTED for an emulator that cannot, OPERATION_ABORTED, OPERATION_FAILED with the guest as it
 *   was before and no file
 * @see libvirt 0.7.1, src/qemu_driver.c, qemudDomainSave; libvirt 9.0.0, src/qemu/qemu_driver.c, qemuDomainSaveInternal
 */
export async function saveDomain(
  run: RunningDomain,
  path: string,
  options: SaveOptions,
  defaults: DefaultsSource,
): Promise<void> {
  const {status, monitor} = run;
  if (status.isAdopted) throw cannotSaveAdopted(status.name);
  requireLastingDisks(status, defaults);
  const hasTextMonitor = status.monitorPty !== undefined;
  if (hasTextMonitor) await requireMigration(monitor, status.name);
  const wasRunning = status.state.is === 'running';
  const header = {xml: status.liveXml, wasRunning};
  const self = {uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0};
  await beginSaveImage(path, header, (hasTextMonitor && status.confinement) || self);
  try {
    if (wasRunning) await run.suspend();
    if (hasTextMonitor) await writeState(run, path, options);
    else await saveStream(run, path, options);
    await finishSaveImage(path, header);
  } catch (error) {
    await removeFile(path);
    if (wasRunning && isAlive(status.emulator)) await run.resume();
    throw error;
  }
  await run.destroy('saved');
}

/** Asked before anything is stopped: `info migrate` exists where `migrate` does, from 0.10 on. */
async function requireMigration(monitor: MonitorClient, name: string): Promise<void> {
  try {
    await monitor.execute('query-migrate');
  } catch (error) {
    if (!(error instanceof QmpCommandError)) throw error;
    if (error.qemuClass !== 'CommandNotFound') return; // nothing was migrated yet
    const why = 'its emulator, of before 0.10, cannot write its state into a file';
    throw new VirtError('OPERATION_UNSUPPORTED', 'QEMU', `cannot save domain '${name}': ${why}`, {
      hint: `'savevm NAME' in its monitor keeps the state in its qcow2 disk, up to 0.8 in a file NAME of the emulator's user`,
    });
  }
}

async function writeState(
  {status, monitor, runDir}: RunningDomain,
  path: string,
  {isGivenUp}: SaveOptions,
): Promise<void> {
  // As fast as it goes: the default is made for a network. Before 1.0 the unit is a letter, and a refusal only slows it down.
  await monitor.execute('human-monitor-command', {'command-line': 'migrate_set_speed 1g'});
  await monitor.execute('migrate', {uri: `exec:cat >>${quoteForExec(path)}`});
  const ended = await waitForChange(
    runDir,
    async () => {
      const state = field(await monitor.execute('query-migrate'), 'status', asString, 'query-migrate');
      if (isGivenUp?.()) return 'given up';
      return state === 'active' || state === 'setup' ? undefined : state;
    },
    {timeoutMs: SAVE_TIMEOUT_MS, recheckMs: POLL_MS},
  );
  if (ended === 'completed') return;
  if (ended === undefined || ended === 'given up') await monitor.execute('migrate_cancel');
  if (ended === 'given up') throw givenUp(status.name);
  const why = ended === undefined ? `not done after ${SAVE_TIMEOUT_MS / 60_000} min` : `the emulator says '${ended}'`;
  throw new VirtError('OPERATION_FAILED', 'QEMU', `cannot write the guest's state into '${path}': ${why}`, {
    hint: "the emulator's user has to be able to write there, and there has to be room",
  });
}

/**
 * A word for the shell that the emulator starts for `exec:`.
 *
 * @see QEMU 0.10, migration-exec.c, exec_start_outgoing_migration
 */
export function quoteForExec(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What a guest has written to a transient disk goes with its run. @see libvirt 9.0.0, src/qemu/qemu_migration.c, qemuMigrationSrcIsAllowed */
function requireLastingDisks({name, liveXml}: LiveStatus, defaults: DefaultsSource): void {
  const {def} = parseDomain(liveXml, {...defaults, live: true});
  const disk = def && devicesOf(def, 'disk').find(({transient}) => transient !== undefined);
  if (!disk) return;
  const why = `its disk '${disk.target.dev}' is transient, and what the guest has written to it would be lost`;
  throw new VirtError('OPERATION_UNSUPPORTED', 'QEMU', `cannot save domain '${name}': ${why}`);
}

function cannotSaveAdopted(name: string): VirtError {
  const why = 'it was adopted: a line of virtty would give it other devices, which could not go on with its state';
  return new VirtError('OPERATION_UNSUPPORTED', 'QEMU', `cannot save domain '${name}': ${why}`, {
    hint: 'shut it down and start it here: then it can be saved',
  });
}
