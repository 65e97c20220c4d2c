import {VirtError} from '../../base/virt-error.ts';
import {type CgroupTree, groupOfProcess} from '../../host/control-groups.ts';
import {isLittleEndian, readDevicePrograms} from '../../host/device-program.ts';
import {readTextIfThere} from '../../host/files.ts';
import {runProgram} from '../../host/run-program.ts';
import type {CgroupConfinement} from '../../security/cgroup/cgroup-confinement.ts';
import type {ObservedCgroup} from '../../security/cgroup/check-cgroup.ts';
import {decodeDeviceProgram} from '../../security/cgroup/device-program.ts';
import {parseRuleList} from '../../security/cgroup/device-rule.ts';
import {parseScope, scopeQuery} from '../../security/cgroup/scope-command.ts';

const ASK_TIMEOUT_MS = 5_000;

/**
 * Reads in which group a process is now and what that may open: from the `devices` controller of version 1, from the
 * instructions of the group's BPF program, or from systemd.
 *
 * @param asked  says where to look
 */
export async function observeCgroup(pid: number, asked: CgroupConfinement): Promise<ObservedCgroup> {
  switch (asked.kind) {
    case 'v1': {
      const place = groupOfProcess(pid, 'devices');
      return {place, devices: place === undefined ? undefined : await readList(place)};
    }
    case 'bpf': {
      const place = groupOfProcess(pid, 'unified');
      return {place, devices: place === undefined ? undefined : await readProgram(place)};
    }
    case 'scope': {
      const place = scopeOf(pid);
      return {place, devices: place === asked.unit ? await readScope(asked.unit) : undefined};
    }
  }
}

/** What the group of the `devices` controller allows in which a process is; undefined where there is none. */
export async function observeDevices(pid: number): Promise<ObservedCgroup['devices']> {
  const place = groupOfProcess(pid, 'devices');
  return place === undefined ? undefined : readList(place);
}

async function readList(group: string): Promise<ObservedCgroup['devices']> {
  return parseRuleList((await readTextIfThere(`${group}/devices.list`)) ?? '-');
}

/** A group without a program of its own holds nobody to anything. */
async function readProgram(group: string): Promise<ObservedCgroup['devices']> {
  try {
    const [program, ...more] = await readDevicePrograms(group);
    if (!program) return 'all';
    return more.length > 0 ? undefined : decodeDeviceProgram(program.bytes, isLittleEndian);
  } catch (error) {
    if (error instanceof VirtError) return undefined; // the kernel does not say: that is what is shown
    throw error;
  }
}

/** The unit of a process, wherever its slice is, e.g. `virtty-qemu-web.scope`. */
function scopeOf(pid: number): string | undefined {
  const trees: readonly CgroupTree[] = ['unified', 'devices'];
  const group = trees.map(tree => groupOfProcess(pid, tree)).find(path => path !== undefined);
  return group?.slice(group.lastIndexOf('/') + 1);
}

async function readScope(unit: string): Promise<ObservedCgroup['devices']> {
  const {failure, output} = await runProgram('/usr/bin/systemctl', scopeQuery(unit), {timeoutMs: ASK_TIMEOUT_MS});
  return failure === undefined ? parseScope(output) : undefined;
}
