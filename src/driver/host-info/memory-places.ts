import type {HostTree} from '../../host/host-tree.ts';
import type {HugepageMount, LockAbility, MemoryPlaces} from '../argv/memory/memory-places.ts';

/** What is ours on a mount that everybody shares. */
const FOLDER = 'virtty/qemu';

/** A host with many mounts, as those with containers have, says more than a page of them. */
const MAX_MOUNTS_BYTES = 1024 * 1024;

const KIB_PER_UNIT: Readonly<Record<string, bigint>> = {K: 1n, M: 1024n, G: 1024n * 1024n};

/**
 * Where a guest's memory can be kept on a host.
 *
 * @param files  the folder for memory that is a file, absolute
 */
export function readMemoryPlaces(tree: HostTree, files: string): MemoryPlaces {
  const usual = kibOf(/^Hugepagesize:\s+(\d+) kB/m, tree.text('/proc/meminfo'));
  return {
    hugepages: hugepageMounts(tree, usual),
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

/** The first mount of each page size. Source: Linux 6.1, fs/hugetlbfs/inode.c, hugetlbfs_show_options. */
function hugepageMounts(tree: HostTree, usual: bigint | undefined): readonly HugepageMount[] {
  const mounts = (tree.text('/proc/mounts', MAX_MOUNTS_BYTES) ?? '').split('\n').flatMap(line => {
    const [, path, type, options = ''] = line.split(' ');
    const pageKiB = pageSizeOf(options) ?? usual;
    if (type !== 'hugetlbfs' || path === undefined || pageKiB === undefined) return [];
    return [{pageKiB, directory: `${unescapeMount(path)}/${FOLDER}`, isDefault: pageKiB === usual}];
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
