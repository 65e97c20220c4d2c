import type {DeviceBase} from './device-def.ts';

export const DISK_DEVICES = ['disk', 'cdrom'] as const;
export const DISK_BUSES = ['ide', 'sata', 'scsi', 'virtio'] as const;
export type DiskBus = (typeof DISK_BUSES)[number];

export interface DiskDef extends DeviceBase {
  readonly kind: 'disk';
  readonly device: (typeof DISK_DEVICES)[number];
  /** Where the bytes are; absent in an empty drive. */
  readonly source?: {readonly type: 'file' | 'block'; readonly path: string};
  /** Of the source: `raw`, `qcow2`, ...; libvirt's default is `raw` and never probed. */
  readonly format: string;
  /** e.g. `hda`, `vdb`, `sdc`: the position on the bus. */
  readonly target: {readonly dev: string; readonly bus: DiskBus};
  readonly readonly: boolean;
  readonly shareable: boolean;
  readonly cache?: 'default' | 'none' | 'writethrough' | 'writeback' | 'directsync' | 'unsafe';
  readonly serial?: string;
}
