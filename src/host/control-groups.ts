import {accessSync, constants, readFileSync} from 'node:fs';
import {errnoOf} from './files.ts';
import {decodeOctalEscapes} from './octal-escapes.ts';

/** Which tree of control groups is meant: that of version 1 with the `devices` controller, or version 2. */
export type CgroupTree = 'devices' | 'unified';

/** A mounted tree of control groups. */
export interface CgroupMount {
  readonly point: string;
  /** Which group is seen there, from the root of the tree. */
  readonly root: string;
  readonly tree: CgroupTree;
}

/** Reads the mounts of both trees from `/proc/PID/mountinfo`. @see Linux, Documentation/filesystems/proc.rst */
export function parseCgroupMounts(mountinfo: string): readonly CgroupMount[] {
  return mountinfo.split('\n').flatMap((line): readonly CgroupMount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ');
    const [fsType, , options = ''] = after.split(' ');
    if (root === undefined || point === undefined) return [];
    const place = {point: decodeOctalEscapes(point), root: decodeOctalEscapes(root)};
    if (fsType === 'cgroup2') return [{...place, tree: 'unified'}];
    const isDevices = fsType === 'cgroup' && options.split(',').includes('devices');
    return isDevices ? [{...place, tree: 'devices'}] : [];
  });
}

/**
 * The group of a process in a tree, from the root of that.
 *
 * @param text  of `/proc/PID/cgroup`, e.g. `5:devices:/a` and `0::/b`
 * @see cgroups(7), "/proc/pid/cgroup"
 */
export function parseMembership(text: string, tree: CgroupTree): string | undefined {
  for (const line of text.split('\n')) {
    const [, number, controllers = '', path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    const isIt = tree === 'unified' ? number === '0' : controllers.split(',').includes('devices');
    if (isIt) return path;
  }
  return undefined;
}

/** The directory of a group: in the first mount in which it can be seen. */
export function groupDirectory(group: string, tree: CgroupTree, mounts: readonly CgroupMount[]): string | undefined {
  for (const mount of mounts) {
    const inside = mount.tree === tree ? pathBelow(group, mount.root) : undefined;
    if (inside !== undefined) return `${mount.point}${inside}`;
  }
  return undefined;
}

/** @returns what follows `root`: empty for that itself */
function pathBelow(path: string, root: string): string | undefined {
  if (root === '/') return path === '/' ? '' : path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

/** The directory of the group in which a process is; undefined when the tree is not mounted or the process is gone. */
export function groupOfProcess(pid: number | 'self', tree: CgroupTree): string | undefined {
  const membership = readProc(`/proc/${pid}/cgroup`);
  const group = membership === undefined ? undefined : parseMembership(membership, tree);
  const mounts = parseCgroupMounts(readProc('/proc/self/mountinfo') ?? '');
  return group === undefined ? undefined : groupDirectory(group, tree, mounts);
}

/** Whether a directory may be changed by this process: false on a file system that is mounted read-only, for root, too. */
export function isWritableDirectory(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // whatever the reason is
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
