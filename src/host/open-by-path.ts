import {type BigIntStats, constants} from 'node:fs';
import {type FileHandle, lstat, open, readlink} from 'node:fs/promises';
import {errnoOf} from './files.ts';

/** A file found by its path, held by a descriptor that neither reads nor writes it. */
export interface FoundFile {
  readonly is: 'found';
  /** Opened with O_PATH; whoever gets it closes it. */
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
  /** Of the directory that has it. */
  readonly directory: BigIntStats;
}

/**
 * `refused`: `why` goes on from the path. `hidden`: this user may not look; NFS with root_squash says so to root.
 */
export type PathLookup =
  | FoundFile
  | {readonly is: 'missing'}
  | {readonly is: 'hidden'}
  | {readonly is: 'refused'; readonly why: string};

export interface LookupOptions {
  /** Whose links are followed wherever they lead to: root's, and this user's own. */
  readonly self: number;
  /** Who a file belongs to; for one that has another owner for a while, the one that it had before. */
  readonly ownerOf: (stats: BigIntStats) => number;
}

/** Source: Linux, include/uapi/asm-generic/fcntl.h; Node does not name it. */
const O_PATH = 0o10000000;

/** As the kernel, which then says ELOOP. @see path_resolution(7) */
const MAX_LINKS = 40;

/**
 * Finds a file without being led elsewhere. Each element is opened below the one before it, so that nothing that is
 * swapped meanwhile counts. A link is followed when it is root's or `self`'s and lies where nobody else can replace it, or
 * when what it leads to belongs to the owner of the link; others are refused, as they would let their owners choose whose
 * file is changed. `..` is refused.
 *
 * @see Linux, Documentation/admin-guide/sysctl/fs.rst, protected_symlinks: the same for links in directories like /tmp only
 */
export async function openByPath(path: string, options: LookupOptions): Promise<PathLookup> {
  if (!path.startsWith('/')) return {is: 'refused', why: 'is not absolute'};
  if (path.split('/').includes('..')) return {is: 'refused', why: "has '..' in it: write the path without"};
  const walk = new Walk(options, namesOf(path));
  try {
    return await walk.run();
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return {is: 'missing'};
    if (code === 'EACCES') return {is: 'hidden'};
    if (code === undefined) throw error;
    return {is: 'refused', why: WHY[code] ?? `gives ${code}`};
  } finally {
    await walk.close();
  }
}

const WHY: Readonly<Record<string, string>> = {
  ELOOP: 'leads round and round',
  ENAMETOOLONG: 'is too long',
};

/** `.` and doubled slashes mean nothing. */
function namesOf(path: string): readonly string[] {
  return path.split('/').filter(name => name !== '' && name !== '.');
}

interface Place {
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/** A link that has to lead to a file of its owner; so many names are left to go when it has been followed. */
interface OpenLink {
  readonly uid: number;
  readonly left: number;
}

class Walk {
  readonly #options: LookupOptions;
  #pending: readonly string[];
  #at: Place | undefined;
  #directory: BigIntStats | undefined;
  #links = 0;
  #open: readonly OpenLink[] = [];

  constructor(options: LookupOptions, names: readonly string[]) {
    this.#options = options;
    this.#pending = names;
  }

  async run(): Promise<PathLookup> {
    await this.#goTo('/');
    for (;;) {
      const wrong = this.#settleLinks();
      if (wrong !== undefined) return {is: 'refused', why: wrong};
      const [name, ...rest] = this.#pending;
      if (name === undefined) return this.#found();
      const stopped = await this.#step(name, rest);
      if (stopped) return stopped;
    }
  }

  /** Closes what is held and not handed over. */
  async close(): Promise<void> {
    await this.#at?.handle.close();
    this.#at = undefined;
  }

  #found(): PathLookup {
    const {handle, stats} = this.#here();
    this.#at = undefined;
    return {is: 'found', handle, stats, directory: this.#directory ?? stats};
  }

  async #step(name: string, rest: readonly string[]): Promise<PathLookup | undefined> {
    const here = this.#here();
    const below = `/proc/self/fd/${here.handle.fd}/${name}`;
    const handle = await open(below, O_PATH | constants.O_NOFOLLOW);
    const stats = await handle.stat({bigint: true}).catch(async error => {
      await handle.close(); // a FUSE file system of another user lets nobody look
      throw error;
    });
    if (!stats.isSymbolicLink()) {
      await this.#enter({handle, stats});
      this.#pending = rest;
      return undefined;
    }
    await handle.close();
    if (++this.#links > MAX_LINKS) return {is: 'refused', why: WHY.ELOOP ?? ''};
    const target = await readlink(below);
    if (!isSameFile(await lstat(below, {bigint: true}), stats)) return {is: 'refused', why: 'changes at this moment'};
    if (!this.#isTrusted(stats, here.stats)) {
      this.#open = [...this.#open, {uid: Number(stats.uid), left: rest.length}];
    }
    this.#pending = [...namesOf(target), ...rest];
    if (target.startsWith('/')) await this.#goTo('/');
    return undefined;
  }

  /** Nobody but root and this user made the link, or can put another one in its place. */
  #isTrusted(link: BigIntStats, directory: BigIntStats): boolean {
    const isOurs = ({uid}: BigIntStats) => uid === 0n || uid === BigInt(this.#options.self);
    const isShared = (directory.mode & 0o022n) !== 0n && (directory.mode & 0o1000n) === 0n;
    return isOurs(link) && isOurs(directory) && !isShared;
  }

  /** What a stranger's link leads to has to be the stranger's. */
  #settleLinks(): string | undefined {
    const settled = this.#open.filter(({left}) => left === this.#pending.length);
    this.#open = this.#open.filter(({left}) => left !== this.#pending.length);
    const owner = this.#options.ownerOf(this.#here().stats);
    const foreign = settled.find(({uid}) => uid !== owner);
    return foreign && `leads over a link of user ${foreign.uid} to what belongs to user ${owner}: name the file itself`;
  }

  async #goTo(root: '/'): Promise<void> {
    const handle = await open(root, O_PATH | constants.O_DIRECTORY);
    await this.#enter({handle, stats: await handle.stat({bigint: true})});
  }

  async #enter(next: Place): Promise<void> {
    this.#directory = this.#at?.stats;
    await this.#at?.handle.close();
    this.#at = next;
  }

  #here(): Place {
    if (!this.#at) throw new Error('a walk goes from a place');
    return this.#at;
  }
}

/** Whether both are one file of one file system. */
export function isSameFile(a: Pick<BigIntStats, 'dev' | 'ino'>, b: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
