import type {HostTree} from '../../host/host-tree.ts';
import type {HugepageMount, LockAbility, MemoryPlaces} from '../argv/memory/memory-places.ts';

/** What is ours in a directory that everybody shares. */
export const SHARED_FOLDER = 'virtty/qemu';

/** A host with many mounts, as those with containers have, says more than a page of them. */
const MAX_MOUNTS_BYTES = 1024 * 1024;

const KIB_PER_UNIT: Readonly<Record<string, bigint>> = {K: 1n, M: 1024n, G: 1024n * 1024n};

/**
 * Where a guest's memory can be kept on a host.
 *
 * @param files  the folder for memory that is a file, absolute
 * @param mounts  those with huge pages that may be used, absolute; without it all of them
 */
export function readMemoryPlaces(tree: HostTree, files: string, mounts?: readonly string[]): MemoryPlaces {
  const usual = kibOf(/^Hugepagesize:\s+(\d+) kB/m, tree.text('/proc/meminfo'));
  return {
    hugepages: hugepageMounts(tree, usual, mounts),
    files,
    // The first mapping of this very process is of ordinary pages.
    pageKiB: kibOf(/^KernelPageSize:\s+(\d+) kB/m, tree.text('/proc/self/smaps')) ?? 4n,
  };
}

/** CAP_SYS_RESOURCE. Source: Linux 6.1, include/uapi/linux/capability.h. */
const SYS_RESOURCE = 24n;

/** What this process may lock in memory. Source: Linux 6.1, fs/proc/base.c, proc_pid_limits. */
export function readLockAbility(tree: HostTree): LockAbility {
  const hard = /^Max locked memory\s+\S+\s+(\S+)/m.exec(tree.text('/proc/self/limits') ?? '')?.[1];
  const capabilities = /^CapEff:\s+([0-9a-f]{1,16})/m.exec(tree.text('/proc/self/status') ?? '')?.[1];
  return {
    limitKiB: hard === undefined || !/^\d+$/.test(hard) ? 'unlimited' : BigInt(hard) / 1024n,
    mayRaise: ((BigInt(`0x${capabilities ?? '0'}`) >> SYS_RESOURCE) & 1n) === 1n,
  };
}

function kibOf(pattern: RegExp, text: string | undefined): bigint | undefined {
  const digits = pattern.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

/** Where hugetlbfs is mounted, in the order of /proc/mounts. */
export function hugetlbfsMounts(tree: HostTree): readonly string[] {
  return readHugetlbfs(tree).map(({path}) => path);
}

function readHugetlbfs(tree: HostTree): readonly {readonly path: string; readonly options: string}[] {
  return (tree.text('/proc/mounts', MAX_MOUNTS_BYTES) ?? '').split('\n').flatMap(line => {
    const [, path, type, options = ''] = line.split(' ');
    return type !== 'hugetlbfs' || path === undefined ? [] : [{path: unescapeMount(path), options}];
  });
}

/** The first mount of each page size. Source: Linux 6.1, fs/hugetlbfs/inode.c, hugetlbfs_show_options. */
function hugepageMounts(
  tree: HostTree,
  usual: bigint | undefined,
  allowed: readonly string[] | undefined,
): readonly HugepageMount[] {
  const mounts = readHugetlbfs(tree).flatMap(({path, options}) => {
    const pageKiB = pageSizeOf(options) ?? usual;
    if (pageKiB === undefined || allowed?.includes(path) === false) return [];
    return [{pageKiB, directory: `${path}/${SHARED_FOLDER}`, isDefault: pageKiB === usual}];
  });
  return mounts.filter((mount, index) => mounts.findIndex(({pageKiB}) => pageKiB === mount.pageKiB) === index);
}

function pageSizeOf(options: string): bigint | undefined {
  const [, digits, unit] = /(?:^|,)pagesize=(\d+)([KMG])/.exec(options) ?? [];
  const scale = unit === undefined ? undefined : KIB_PER_UNIT[unit];
  return digits === undefined || scale === undefined ? undefined : BigInt(digits) * scale;
}

/** Spaces and the like are written as octal numbers. Source: Linux 6.1, fs/seq_file.c, mangle_path. */
function unescapeMount(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
