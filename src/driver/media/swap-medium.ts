import {VirtError} from '../../base/virt-error.ts';
import type {DiskDef} from '../../model/devices/disk.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {QmpCommandError} from '../../monitor/qmp-client.ts';
import {asArray, asString, isQmpObject, type QmpObject} from '../../monitor/qmp-json.ts';
import {hmpDriveNames, type PlannedMedia} from './plan-media-change.ts';

/** The new medium could not be opened, and the one of before is out. */
export class MediumLostError extends VirtError {}

/** Changes the medium in the guest's drive over QMP. @throws {QmpCommandError} when the emulator, or the guest's lock, refuses */
export async function swapByQmp(monitor: MonitorClient, planned: PlannedMedia, force: boolean): Promise<void> {
  const {before, after} = planned;
  const id = before.alias ?? '';
  const filename = pathOf(after);
  if (filename === undefined) await monitor.execute('eject', {id, force});
  else {
    const format = after.driver.format;
    const mode = after.readonly ? {'read-only-mode': 'read-only'} : {};
    await monitor.execute('blockdev-change-medium', {id, filename, format, force, ...mode});
  }
  await removeNodes(monitor, before);
}

/** The nodes of a medium that the command line named stay open until they are told to go. */
async function removeNodes(monitor: MonitorClient, {source}: DiskDef): Promise<void> {
  const index = source && 'index' in source ? source.index : undefined;
  if (index === undefined) return;
  for (const layer of ['format', 'storage']) {
    try {
      await monitor.execute('blockdev-del', {'node-name': `libvirt-${index}-${layer}`});
    } catch (error) {
      if (!(error instanceof QmpCommandError)) throw error; // some have one node only
    }
  }
}

/**
 * Changes the medium over the text monitor of an emulator without QMP. What becomes of it is asked afterwards: up to 0.12
 * a file that cannot be opened is no word, and leaves an empty drive.
 *
 * @throws {MediumLostError} when the drive is empty now
 * @throws {VirtError} OPERATION_UNSUPPORTED for a drive that the monitor cannot name, OPERATION_FAILED when it is not in
 */
export async function swapByHmp(monitor: MonitorClient, planned: PlannedMedia, force: boolean): Promise<void> {
  const {before, after} = planned;
  const drives = await readDrives(monitor);
  const device = hmpDriveNames(before).find(name => drives.has(name));
  if (device === undefined) {
    const message = `cannot change the medium of '${before.target.dev}': the emulator's monitor has no such drive`;
    throw new VirtError('OPERATION_UNSUPPORTED', 'QEMU', message, {hint: `it has ${[...drives.keys()].join(', ')}`});
  }
  const filename = pathOf(after);
  if (filename === undefined) await monitor.execute('eject', {device, force});
  else await monitor.execute('blockdev-change-medium', {device, filename});
  const found = (await readDrives(monitor)).get(device);
  if (found === filename) return;
  const what = filename === undefined ? `eject the medium of '${before.target.dev}'` : `insert '${filename}'`;
  const now = found === undefined ? 'the drive is empty now' : `there is '${found}' in the drive`;
  const Kind = found === undefined ? MediumLostError : VirtError;
  throw new Kind('OPERATION_FAILED', 'QEMU', `cannot ${what}: ${now}, and the emulator does not say why`, {
    hint: 'it has to be a file that the emulator may read, and no medium that the guest has locked in',
  });
}

/** What is in each drive that the text monitor names. */
async function readDrives(monitor: MonitorClient): Promise<ReadonlyMap<string, string | undefined>> {
  const answer = (asArray(await monitor.execute('query-block')) ?? []).filter(isQmpObject);
  return new Map(answer.flatMap(drive => [[asString(drive.device) ?? '', insertedFile(drive)] as const]));
}

function insertedFile({inserted}: QmpObject): string | undefined {
  return isQmpObject(inserted) ? asString(inserted.file) : undefined;
}

function pathOf({source}: DiskDef): string | undefined {
  return source?.type === 'file' || source?.type === 'block' ? source.path : undefined;
}
