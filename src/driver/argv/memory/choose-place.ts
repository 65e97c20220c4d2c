import {VirtError} from '../../../base/virt-error.ts';
import {fileNameOf} from '../../../model/domain-path.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {HugepageMount, MemoryPlaces} from './memory-places.ts';

/** Characters of a domain's name that are taken into the name of a folder. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefGetShortName. */
const SHORT_NAME = 20;

/** The name of a domain's own folder among those of others; a domain that does not run has the number -1. */
export function memoryFolder({def, settings}: ArgvInput): string {
  const short = [...def.name].slice(0, SHORT_NAME).join('');
  return `${settings?.domainId ?? -1}-${fileNameOf(short)}`;
}

/** Where memory that is a file is, among that of others. */
export function memoryFilesFolder(input: ArgvInput): string {
  return placesOf(input, 'its memory in a file').files;
}

/** The size of an ordinary page, KiB. */
export function ordinaryPageKiB({host}: ArgvInput): bigint {
  return host?.memory?.pageKiB ?? 4n;
}

/**
 * The mount with pages of a size.
 *
 * @param pageKiB  undefined for the size that is usual on this host
 * @throws {VirtError} CONFIG_UNSUPPORTED that names what is mounted and what would help
 */
export function hugepageMount(pageKiB: bigint | undefined, input: ArgvInput): HugepageMount {
  const {hugepages} = placesOf(input, 'huge pages');
  const found =
    pageKiB === undefined
      ? (hugepages.find(({isDefault}) => isDefault) ?? hugepages[0])
      : hugepages.find(mount => mount.pageKiB === pageKiB);
  if (found) return found;
  const wanted = pageKiB === undefined ? 'huge pages' : `huge pages of ${pageKiB} KiB`;
  const mounted = hugepages.map(mount => `${mount.pageKiB} KiB at ${mount.directory}`).join(', ');
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${input.def.name}' ${wanted}: /proc/mounts has no such hugetlbfs, ${mounted === '' ? 'and none at all' : `only ${mounted}`}`,
    {
      hint: mountHint(pageKiB),
    },
  );
}

function mountHint(pageKiB: bigint | undefined): string {
  const options = pageKiB === undefined ? '' : ` -o pagesize=${pageKiB}K`;
  const folder = pageKiB === undefined ? '/dev/hugepages' : `/dev/hugepages-${pageKiB}K`;
  return `mount one: mkdir ${folder} && mount -t hugetlbfs${options} hugetlbfs ${folder}`;
}

function placesOf({def, host}: ArgvInput, what: string): MemoryPlaces {
  if (host?.memory) return host.memory;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot give domain '${def.name}' ${what}: the host is not known`, {
    hint: 'ask on the host that is to run it',
  });
}
