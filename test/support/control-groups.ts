import {mkdirSync, rmdirSync} from 'node:fs';
import {readCgroupFacts} from '../../src/driver/cgroup/read-facts.ts';
import {attachDeviceProgram} from '../../src/host/device-program.ts';
import {encodeDeviceProgram} from '../../src/security/cgroup/device-program.ts';

/** How this host holds processes to devices, for tests; what is missing is a sentence for the name of a skipped test. */
export interface CgroupSupport {
  readonly whyNoDevices?: string;
  readonly whyNoPrograms?: string;
  readonly whyNoScopes?: string;
}

/** Looks by trying: a kernel may have a tree and refuse its programs. */
export async function findCgroupSupport(): Promise<CgroupSupport> {
  const {isRoot, devicesGroup, unifiedGroup, systemd, whyNoPrograms} = await readCgroupFacts();
  const nobody = 'root of the host';
  if (!isRoot) return {whyNoDevices: nobody, whyNoPrograms: nobody, whyNoScopes: nobody};
  const refused = unifiedGroup?.isWritable ? (whyNoPrograms ?? (await tryProgram(unifiedGroup.path))) : 'cgroup2';
  return {
    ...(devicesGroup?.isWritable ? {} : {whyNoDevices: 'the devices controller of version 1'}),
    ...(systemd === 'makes scopes' && !devicesGroup ? {} : {whyNoScopes: 'systemd on cgroup2 alone'}),
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
