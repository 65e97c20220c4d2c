import {hostTree} from './host-tree.ts';
import {decodeOctalEscapes} from './octal-escapes.ts';

/** A mount as this process sees it. */
export interface Mount {
  readonly point: string;
  readonly fsType: string;
  /** What is mounted, as the file system calls it, e.g. `/dev/sda1`, `server:/export`. */
  readonly source: string;
  readonly readOnly: boolean;
  readonly noExec: boolean;
  /** Options of the file system itself, which count at every place where it is mounted. */
  readonly superOptions: readonly string[];
}

const MAX_MOUNTINFO_BYTES = 1024 * 1024;

/** The mounts of this process, the newest last. @see Linux, Documentation/filesystems/proc.rst, "/proc/<pid>/mountinfo" */
export function readMounts(): readonly Mount[] {
  return parseMounts(hostTree().text('/proc/self/mountinfo', MAX_MOUNTINFO_BYTES) ?? '');
}

/** Reads lines such as `36 35 98:0 / /mnt rw,noatime shared:1 - ext3 /dev/root rw,errors=continue`. */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap(line => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , , point, options = ''] = before.split(' ');
    const [fsType, source = '', ofFileSystem = ''] = after.split(' ');
    if (point === undefined || fsType === undefined) return [];
    const superOptions = ofFileSystem.split(',');
    const words = new Set([...options.split(','), ...superOptions]);
    return [
      {
        point: decodeOctalEscapes(point),
        fsType,
        source: decodeOctalEscapes(source),
        readOnly: words.has('ro'),
        noExec: words.has('noexec'),
        superOptions,
      },
    ];
  });
}

/** The mount that a path lies on: the last mounted of those whose point is the longest. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const around = mounts.filter(({point}) => point === '/' || path === point || path.startsWith(`${point}/`));
  const longest = Math.max(...around.map(({point}) => point.length));
  return around.findLast(({point}) => point.length === longest);
}
