export const DISK_BUSES = ['ide', 'sata', 'scsi', 'virtio', 'fdc', 'usb', 'xen', 'sd', 'none'] as const;
export type DiskBus = (typeof DISK_BUSES)[number];

/** Where libvirt puts a disk for the name of its target. */
export interface DriveAddress {
  readonly controller: number;
  readonly bus: number;
  readonly unit: number;
}

/** The bus that a prefix stands for when none is named. Source: libvirt 9.0.0, docs/formatdomain, "Hard drives", target. */
const BUS_OF_PREFIX: Readonly<Record<string, DiskBus>> = {
  hd: 'ide',
  sd: 'scsi',
  vd: 'virtio',
  fd: 'fdc',
  xvd: 'xen',
};

const TARGET_NAME = /^(hd|sd|vd|fd|xvd|ubd)([a-z]{1,3})$/;

/**
 * The place of a disk among those of its prefix: `hda` 0, `hdz` 25, `hdaa` 26.
 *
 * @returns undefined for a name that is no target
 * @see libvirt 9.0.0, src/util/virutil.c, virDiskNameToIndex
 */
export function targetIndex(dev: string): number | undefined {
  const letters = TARGET_NAME.exec(dev)?.[2];
  if (letters === undefined) return undefined;
  let index = 0;
  for (const letter of letters) index = index * 26 + (letter.charCodeAt(0) - 96);
  return index - 1;
}

/** The bus that a target's name suggests; undefined for a prefix without one here (`ubd`). */
export function busOfTarget(dev: string): DiskBus | undefined {
  return BUS_OF_PREFIX[TARGET_NAME.exec(dev)?.[1] ?? ''];
}

/**
 * The drive address of a target on a bus with drives; undefined where every disk has a device of its own (virtio, usb).
 * IDE has two channels of two drives, a floppy controller two drives, a SATA controller six ports, a SCSI controller fifteen targets beside itself (7).
 *
 * @see libvirt 9.0.0, src/conf/domain_postparse.c, virDomainDiskDefAssignAddress
 */
export function driveAddress(bus: DiskBus, dev: string): DriveAddress | undefined {
  const index = targetIndex(dev);
  if (index === undefined) return undefined;
  switch (bus) {
    case 'ide':
      return {controller: Math.floor(index / 4), bus: Math.floor((index % 4) / 2), unit: index % 2};
    case 'sata':
      return {controller: Math.floor(index / 6), bus: 0, unit: index % 6};
    case 'scsi': {
      const unit = index % 15;
      return {controller: Math.floor(index / 15), bus: 0, unit: unit < 7 ? unit : unit + 1};
    }
    case 'fdc':
      return {controller: Math.floor(index / 2), bus: 0, unit: index % 2};
    default:
      return undefined;
  }
}
