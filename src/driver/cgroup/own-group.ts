import {mkdir, readFile, rmdir, writeFile} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import {VirtError} from '../../base/virt-error.ts';
import {attachDeviceProgram, isLittleEndian} from '../../host/device-program.ts';
import {errnoOf, fileError} from '../../host/files.ts';
import {waitForChange} from '../../host/wait-for.ts';
import type {CgroupConfinement, OwnGroup} from '../../security/cgroup/cgroup-confinement.ts';
import {encodeDeviceProgram} from '../../security/cgroup/device-program.ts';
import {type DeviceRule, formatRule, rulesBeyond} from '../../security/cgroup/device-rule.ts';
import {scopeChange} from '../../security/cgroup/scope-command.ts';
import {runCommand} from '../host-steps/run-command.ts';

/** The kernel lets go of a group some milliseconds after the last process in it has ended. */
const REMOVE_TIMEOUT_MS = 5_000;
/** Another guest that ends may take an empty folder away in between. */
const MAKE_ATTEMPTS = 5;

/**
 * Makes the group of a guest with its list of devices; nobody is in it yet.
 *
 * @throws {VirtError} RESOURCE_BUSY when processes are in a group of this name, SYSTEM_ERROR for what the kernel refuses
 */
export async function makeGroup(group: OwnGroup, devices: readonly DeviceRule[]): Promise<void> {
  await removeLeftOver(group.path);
  await makeFolder(group.path, MAKE_ATTEMPTS);
  if (group.kind === 'bpf') return attachDeviceProgram(group.path, encodeDeviceProgram(devices, isLittleEndian));
  await tell(group.path, 'devices.deny', 'a');
  for (const rule of devices) await tell(group.path, 'devices.allow', formatRule(rule));
}

/**
 * Gives a guest that runs another list: what it has open stays open.
 *
 * @param cgroup  with the list that it has
 * @throws {VirtError} SYSTEM_ERROR for what the kernel or systemd refuses
 */
export async function changeDevices(cgroup: CgroupConfinement, devices: readonly DeviceRule[]): Promise<void> {
  const [added, removed] = [rulesBeyond(devices, cgroup.devices), rulesBeyond(cgroup.devices, devices)];
  if (added.length + removed.length === 0) return;
  switch (cgroup.kind) {
    case 'v1':
      for (const rule of added) await tell(cgroup.path, 'devices.allow', formatRule(rule));
      for (const rule of removed) await tell(cgroup.path, 'devices.deny', formatRule(rule));
      return;
    case 'bpf':
      return attachDeviceProgram(cgroup.path, encodeDeviceProgram(devices, isLittleEndian));
    case 'scope':
      return runCommand(`change the list of devices of '${cgroup.unit}'`, {
        program: '/usr/bin/systemctl',
        args: scopeChange(cgroup.unit, devices),
      });
  }
}

/**
 * Removes the group of a guest whose process ends, and the folders above it that nobody else uses.
 *
 * @throws {VirtError} SYSTEM_ERROR naming the processes that stay in it
 */
export async function removeGroup(path: string): Promise<void> {
  const look = async () => ((await isRemoved(path)) ? true : undefined);
  if (!(await waitForChange(path, look, {timeoutMs: REMOVE_TIMEOUT_MS}))) throw await stillUsed(path, 'SYSTEM_ERROR');
  for (let folder = dirname(path); await isRemoved(folder); folder = dirname(folder)) {
    if (basename(folder) === 'virtty') return;
  }
}

/** @returns false while it is in use */
async function isRemoved(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT') return true;
    if (code === 'EBUSY' || code === 'ENOTEMPTY') return false;
    throw fileError('remove the control group', path, error);
  }
}

async function removeLeftOver(path: string): Promise<void> {
  if (!(await isRemoved(path))) throw await stillUsed(path, 'RESOURCE_BUSY');
}

async function stillUsed(path: string, code: 'RESOURCE_BUSY' | 'SYSTEM_ERROR'): Promise<VirtError> {
  const pids = await readFile(`${path}/cgroup.procs`, 'utf8').catch(() => ''); // the message is worth more without it
  const who = pids.split('\n').filter(pid => pid !== '');
  const what = who.length === 0 ? 'groups are in it' : `these processes are in it: ${who.join(', ')}`;
  return new VirtError(code, 'CGROUP', `cannot use or remove the control group '${path}': ${what}`, {
    hint: 'end them, or move them to another group: echo PID >GROUP/cgroup.procs',
  });
}

async function makeFolder(path: string, attempts: number): Promise<void> {
  try {
    await mkdir(path, {recursive: true});
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && attempts > 1) return makeFolder(path, attempts - 1);
    throw fileError('make the control group', path, error);
  }
}

const HINT = 'a group gets no device that the one above it lacks: look at devices.list of both';

/** One rule in one write: the kernel reads no more of it. */
async function tell(group: string, file: string, words: string): Promise<void> {
  await writeFile(`${group}/${file}`, words, {flag: 'r+'}).catch((error: unknown) => {
    throw fileError(`write '${words}' into`, `${group}/${file}`, error, HINT);
  });
}
