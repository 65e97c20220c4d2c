import {mkdirSync, rmdirSync} from 'node:fs';
import {readCgroupFacts} from '../../src/driver/cgroup/read-facts.ts';
import {attachDeviceProgram} from '../../src/host/device-program.ts';
import {encodeDeviceProgram} from '../../src/security/cgroup/device-program.ts';

/** How this host holds processes to devices, for tests; what is missing is a sentence for the name of a skipped test. */
export interface CgroupSupport {
  readonly whyNoDevices?: string;
  readonly whyNoPrograms?: string;
  /** The group of version 2 below which tests may make others. */
  readonly unifiedGroup?: string;
}

/** Looks by trying: a kernel may have a tree and refuse its programs. */
export async function findCgroupSupport(): Promise<CgroupSupport> {
  const {isRoot, devicesGroup, unifiedGroup} = await readCgroupFacts();
  if (!isRoot) return {whyNoDevices: 'root of the host', whyNoPrograms: 'root of the host'};
  const refused = unifiedGroup?.isWritable ? await tryProgram(unifiedGroup.path) : 'cgroup2';
  return {
    ...(devicesGroup?.isWritable ? {} : {whyNoDevices: 'the devices controller of version 1'}),
    ...(unifiedGroup?.isWritable ? {unifiedGroup: unifiedGroup.path} : {}),
    ...(refused === undefined ? {} : {whyNoPrograms: refused}),
  };
}

async function tryProgram(parent: string): Promise<string | undefined> {
  const path = `${parent}/virtty-test-${process.pid}`;
  mkdirSync(path);
  try {
    await attachDeviceProgram(path, encodeDeviceProgram([], true));
    return undefined;
  } catch (error) {
    return `a kernel that takes BPF programs: ${error}`;
  } finally {
    rmdirSync(path);
  }
}
