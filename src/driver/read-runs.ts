import {readdir} from 'node:fs/promises';
import {errnoOf, fileError, readTextIfThere} from '../host/files.ts';
import type {InstancePaths} from './instance-paths.ts';
import {decodeLiveStatus, type LiveStatus} from './live-status.ts';

/** The status files of the runs of an instance, those of dead ones too. @throws {VirtError} SYSTEM_ERROR */
export async function readRuns(paths: InstancePaths): Promise<readonly LiveStatus[]> {
  const statuses: LiveStatus[] = [];
  for (const entry of await subdirectories(paths.run)) {
    const text = await readTextIfThere(`${paths.run}/${entry}/status.json`);
    const status = text === undefined ? undefined : decodeLiveStatus(text);
    if (status) statuses.push(status);
  }
  return statuses;
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
