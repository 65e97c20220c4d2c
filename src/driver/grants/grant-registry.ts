import {readTextIfThere, removeFile, writeTextAtomically} from '../../host/files.ts';
import type {FileGrant, GrantOwner} from '../../security/file-grant.ts';

/** What a file has of what guests are given; without a label where it has none, or none was asked for. */
export interface FileMarks {
  readonly owner?: GrantOwner;
  readonly label?: string;
}

/** A domain that uses a file. */
export interface GrantUser {
  readonly uuid: string;
  /** For messages. */
  readonly domain: string;
  /** As its definition names the file. */
  readonly path: string;
  readonly what: string;
  readonly shared: boolean;
}

/** A file that was given to guests. */
export interface GrantEntry {
  readonly kind: FileGrant['kind'];
  /** Numbers of 64 bits, decimal. */
  readonly dev: string;
  readonly ino: string;
  /** Numbers of devices are those of one boot of the host. */
  readonly bootId: string;
  readonly before: FileMarks;
  readonly given: FileMarks;
  /** What the last user gives back; nothing: what was given stays. */
  readonly giveBack: FileMarks;
  /** The first that came is the first here. */
  readonly users: readonly GrantUser[];
}

/** What guests of an instance have of the host's files, in `LIB/grants.json`: it outlives a crash and a boot of the host. */
export interface GrantRecord {
  readonly format: typeof RECORD_FORMAT;
  /** In the order in which they were given. */
  readonly entries: readonly GrantEntry[];
}

const RECORD_FORMAT = 1;

export const NO_GRANTS: GrantRecord = {format: RECORD_FORMAT, entries: []};

/** The file is our own, replaced atomically: what is no such text is as if there were none. @throws {VirtError} SYSTEM_ERROR */
export async function readGrants(path: string): Promise<GrantRecord> {
  const text = await readTextIfThere(path);
  if (text === undefined) return NO_GRANTS;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : NO_GRANTS;
  } catch {
    return NO_GRANTS; // cut short by a crash of the host, before anything was given
  }
}

/** @param options.sync  before something is changed that is to be taken back after a crash. @throws {VirtError} SYSTEM_ERROR */
export async function writeGrants(path: string, record: GrantRecord, options: {readonly sync: boolean}): Promise<void> {
  if (record.entries.length === 0) await removeFile(path);
  else await writeTextAtomically(path, JSON.stringify(record), options);
}

function isRecord(value: unknown): value is GrantRecord {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === RECORD_FORMAT;
}
