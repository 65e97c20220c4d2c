import {chown, type FileHandle} from 'node:fs/promises';
import {errnoOf} from '../../host/files.ts';
import {runProgram} from '../../host/run-program.ts';
import {setFileLabel} from '../../host/set-file-label.ts';
import type {GrantOwner} from '../../security/file-grant.ts';

/** One thing that a file has and that a guest can be given: read and written over a descriptor, never by a path. */
export interface FileMark<T> {
  /** How a message calls it. */
  readonly name: string;
  /** Undefined where the file has none. */
  read(handle: FileHandle): Promise<T | undefined>;
  /** @returns what kept it from being changed; nothing of it is then */
  write(handle: FileHandle, value: T): Promise<Refusal | undefined>;
  isSame(a: T | undefined, b: T | undefined): boolean;
  format(value: T): string;
}

/** Why a file keeps what it has. */
export interface Refusal {
  /** Goes on from `cannot change the owner of PATH:`. */
  readonly why: string;
  /** The file system has no such thing, or cannot be written: files there are used as they are. */
  readonly isOfFileSystem: boolean;
}

/**
 * Source of what is left alone: libvirt 9.0.0, src/security/security_dac.c, virSecurityDACSetOwnershipInternal.
 * @see chown(2)
 */
const WITHOUT_OWNERS: Readonly<Record<string, string>> = {
  EROFS: 'its file system is read-only',
  EPERM: 'its file system does not let root choose owners (vfat, NFS with root_squash)',
  EOPNOTSUPP: 'its file system keeps no owners',
  ENOTSUP: 'its file system keeps no owners',
  EINVAL: 'its file system does not know this user or group',
};

/** Changing it clears set-user-ID bits and file capabilities of a program. @see chown(2), capabilities(7) */
export const OWNER: FileMark<GrantOwner> = {
  name: 'owner',
  read: async handle => {
    const {uid, gid} = await handle.stat();
    return {uid, gid};
  },
  write: async (handle, {uid, gid}) => {
    try {
      await chown(`/proc/self/fd/${handle.fd}`, uid, gid);
      return undefined;
    } catch (error) {
      const code = errnoOf(error) ?? '';
      const known = WITHOUT_OWNERS[code];
      return {why: known ?? `the kernel says ${code}`, isOfFileSystem: known !== undefined};
    }
  },
  isSame: (a, b) => a?.uid === b?.uid && a?.gid === b?.gid,
  format: ({uid, gid}) => `${uid}:${gid}`,
};

const TIMEOUT_MS = 10_000;

/** The label of SELinux. @see stat(1) of coreutils: `?` is none */
export const LABEL: FileMark<string> = {
  name: 'label',
  read: async handle => {
    const {exitCode, output} = await runProgram('/usr/bin/stat', ['-L', '-c', '%C', pathOf(handle)], {
      timeoutMs: TIMEOUT_MS,
    });
    const label = output.trim();
    return exitCode === 0 && label !== '' && label !== '?' ? label : undefined;
  },
  write: (handle, label) => setFileLabel(pathOf(handle), label),
  isSame: (a, b) => a === b,
  format: label => label,
};

/** For another process, while this one has the file open. */
function pathOf({fd}: FileHandle): string {
  return `/proc/${process.pid}/fd/${fd}`;
}
