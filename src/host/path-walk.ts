import {lstatSync, readlinkSync, type Stats} from 'node:fs';
import {dirname, join, parse} from 'node:path';
import {errnoOf} from './files.ts';

/** One element of a path. */
export interface PathElement {
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'block device' | 'character device' | 'socket' | 'pipe' | 'link' | 'other';
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a link: where it leads, absolute, its own links not followed. */
  readonly target?: string;
}

/** The elements of a path from the root on, those of links after the link. */
export interface PathWalk {
  readonly elements: readonly PathElement[];
  /** The first element that is not there, that this program may not look at, or that leads round and round. */
  readonly stoppedAt?: {readonly path: string; readonly why: 'missing' | 'unreadable' | 'loop'};
}

/** As the kernel, which then says ELOOP. @see path_resolution(7) */
const MAX_LINKS = 40;

/** Walks an absolute path as the kernel does, looking at every element on the way. */
export function walkPath(path: string): PathWalk {
  const elements: PathElement[] = [];
  const seen = new Set<string>();
  let pending = partsOf(path);
  let at = '/';
  for (let links = 0; ; ) {
    const element = lookAt(at);
    if ('why' in element) return {elements, stoppedAt: element};
    if (!seen.has(at)) elements.push(element);
    seen.add(at);
    if (element.target !== undefined) {
      if (++links > MAX_LINKS) return {elements, stoppedAt: {path: at, why: 'loop'}};
      pending = [...partsOf(element.target), ...pending];
      at = '/';
      continue;
    }
    const [next, ...rest] = pending;
    if (next === undefined) return {elements};
    if (element.kind !== 'directory') return {elements, stoppedAt: {path: join(at, next), why: 'missing'}};
    at = join(at, next);
    pending = rest;
  }
}

/** Names below the root, without `.` and `..`: a link is always followed by its own name, so `..` can be taken at once. */
function partsOf(path: string): readonly string[] {
  return join(parse(path).root, path)
    .split('/')
    .filter(part => part !== '');
}

function lookAt(path: string): PathElement | NonNullable<PathWalk['stoppedAt']> {
  try {
    const stats = lstatSync(path);
    return {
      path,
      kind: kindOf(stats),
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
      ...(stats.isSymbolicLink() ? {target: join(dirname(path), readlinkOf(path))} : {}),
    };
  } catch (error) {
    const code = errnoOf(error);
    return {path, why: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable'};
  }
}

/** `join` leaves an absolute target behind the directory, so it is made relative to the root first. */
function readlinkOf(path: string): string {
  const target = readlinkSync(path);
  return target.startsWith('/') ? `${'../'.repeat(path.split('/').length)}${target}` : target;
}

function kindOf(stats: Stats): PathElement['kind'] {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFile()) return 'file';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isBlockDevice()) return 'block device';
  if (stats.isCharacterDevice()) return 'character device';
  if (stats.isSocket()) return 'socket';
  return stats.isFIFO() ? 'pipe' : 'other';
}
