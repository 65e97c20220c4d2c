import {readdir} from 'node:fs/promises';
import {errnoOf, fileError, readTextIfThere} from '../host/files.ts';
import type {InstancePaths} from './instance-paths.ts';
import {decodeLiveStatus, type LiveStatus} from './live-status.ts';

export interface RecordedRuns {
  /** Those of dead ones too. */
  readonly statuses: readonly LiveStatus[];
  /** UUIDs of domains whose start was cut short, or whose status cannot be read. */
  readonly withoutStatus: readonly string[];
}

/** What the runtime directory says about the runs of an instance. @throws {VirtError} SYSTEM_ERROR */
export async function readRuns(paths: InstancePaths): Promise<RecordedRuns> {
  const statuses: LiveStatus[] = [];
  const withoutStatus: string[] = [];
  for (const entry of await subdirectories(paths.run)) {
    const text = await readTextIfThere(`${paths.run}/${entry}/status.json`);
    const status = text === undefined ? undefined : decodeLiveStatus(text);
    if (status) statuses.push(status);
    else withoutStatus.push(entry);
  }
  return {statuses, withoutStatus};
}

async function subdirectories(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, {withFileTypes: true});
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw fileError('read the runtime directory', path, error);
  }
}
