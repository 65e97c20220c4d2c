import type {DiskDef} from '../../../model/devices/disk.ts';
import type {OptionRecord} from '../qemu-arg.ts';

type DiskDriver = DiskDef['driver'];

/** Without unmapping, zeroes cannot be unmapped. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainDiskGetDetectZeroesMode. */
export function detectZeroes({detectZeroes: mode, discard}: DiskDriver): DiskDriver['detectZeroes'] {
  return mode === 'unmap' && discard !== 'unmap' ? 'on' : mode;
}

/** A disk that several guests write must not be cached. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainPrepareDiskCachemode. */
export function effectiveCache({driver, shareable, readonly}: DiskDef): DiskDriver['cache'] {
  if (driver.cache !== undefined && driver.cache !== 'default') return driver.cache;
  return shareable && !readonly ? 'none' : undefined;
}

/** What happens when the image cannot be written or read. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildDiskGetErrorPolicy. */
export function errorPolicies({errorPolicy: write, rerrorPolicy: read}: DiskDriver): OptionRecord {
  return {
    werror: write === 'enospace' ? 'enospc' : write,
    // There is no read that runs out of space.
    rerror: read ?? (write === 'enospace' ? undefined : write),
  };
}
