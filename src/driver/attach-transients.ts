import {messageOf, VirtError} from '../base/virt-error.ts';
import type {MonitorClient} from '../monitor/monitor-client.ts';
import {asArray, asNumber, asString, field, isQmpObject, type QmpValue} from '../monitor/qmp-json.ts';
import type {TransientDisk} from './argv/devices/transient-disks.ts';
import {runSetupCommand, toQmp} from './run-setup-command.ts';

/** Making an empty image takes milliseconds, on a storage that is busy seconds. */
const CREATE_TIMEOUT_MS = 60_000;

/** QEMU 7.2, hw/acpi/pcihp.c: a PC without ACPI takes no PCI device later. */
const PLUGGED =
  'with a shared image it is plugged in: give the guest <features><acpi/></features>, or put the disk on the scsi or usb bus';

/**
 * Puts an empty image over that of each transient disk, before the guest runs. The files of these images are there.
 *
 * @throws {VirtError} OPERATION_FAILED naming the disk
 * @see QEMU 7.2, docs/interop/live-block-operations, "QMP invocation for blockdev-snapshot"
 */
export async function attachTransients(disks: readonly TransientDisk[], monitor: MonitorClient): Promise<void> {
  for (const disk of disks) {
    try {
      await attachOne(disk, monitor);
    } catch (cause) {
      const what = `cannot make disk '${disk.dev}' transient: ${messageOf(cause)}`;
      throw new VirtError('OPERATION_FAILED', 'QEMU', what, {cause, ...(disk.device ? {hint: PLUGGED} : {})});
    }
  }
}

async function attachOne({before, base, overlay, device}: TransientDisk, monitor: MonitorClient): Promise<void> {
  for (const command of before) await runSetupCommand(command, monitor);
  const sizeBytes = await virtualSize(base, monitor);
  const format = toQmp(overlay.format);
  const node = field(format, 'node-name', asString, 'the overlay');
  await monitor.execute('blockdev-add', toQmp(overlay.storage));
  await runJob(`create-${node}`, monitor, job => {
    const options = {driver: 'qcow2', file: field(format, 'file', asString, 'the overlay'), size: sizeBytes};
    return monitor.execute('blockdev-create', {'job-id': job, options});
  });
  await monitor.execute('blockdev-add', {...format, backing: device ? base : null});
  if (device) await runSetupCommand(device, monitor);
  else await monitor.execute('blockdev-snapshot', {node: base, overlay: node});
}

/** How big a node looks to who reads it. */
async function virtualSize(node: string, monitor: MonitorClient): Promise<number> {
  const nodes = asArray(await monitor.execute('query-named-block-nodes')) ?? [];
  const found = nodes.find(each => isQmpObject(each) && each['node-name'] === node);
  const image = isQmpObject(found) ? found.image : undefined;
  return field(image, 'virtual-size', asNumber, 'query-named-block-nodes');
}

/** Starts a job and waits for its end. @throws {VirtError} OPERATION_FAILED with its error, OPERATION_TIMEOUT */
async function runJob(id: string, monitor: MonitorClient, start: (id: string) => Promise<QmpValue>): Promise<void> {
  const concluded = Promise.withResolvers<void>();
  const late = () =>
    concluded.reject(
      new VirtError('OPERATION_TIMEOUT', 'QEMU', `the job '${id}' did not end in ${CREATE_TIMEOUT_MS} ms`),
    );
  const timer = setTimeout(late, CREATE_TIMEOUT_MS);
  const closed = monitor.onClosed(error => concluded.reject(error));
  const events = monitor.onEvent(({name, data}) => {
    if (name === 'JOB_STATUS_CHANGE' && data.id === id && data.status === 'concluded') concluded.resolve();
  });
  try {
    await start(id);
    await concluded.promise;
  } finally {
    clearTimeout(timer);
    closed.dispose();
    events.dispose();
  }
  await dismiss(id, monitor);
}

async function dismiss(id: string, monitor: MonitorClient): Promise<void> {
  const jobs = asArray(await monitor.execute('query-jobs')) ?? [];
  const job = jobs.find(each => isQmpObject(each) && each.id === id);
  const error = isQmpObject(job) ? asString(job.error) : undefined;
  await monitor.execute('job-dismiss', {id});
  if (error !== undefined)
    throw new VirtError('OPERATION_FAILED', 'QEMU', `the emulator cannot create an image: ${error}`);
}
