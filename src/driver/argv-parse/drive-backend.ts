import type {DiskDef} from '../../model/devices/disk.ts';
import type {DiskDriver} from '../../model/devices/disk-driver.ts';
import type {DiskSource} from '../../model/devices/disk-source.ts';

/** An image and how it is opened: what a disk is without the device that the guest sees. */
export interface DriveBackend {
  readonly source?: DiskSource;
  readonly driver: DiskDriver;
  readonly media: 'disk' | 'cdrom';
  readonly readonly: boolean;
  readonly serial?: string;
  readonly auth?: NonNullable<DiskDef['auth']>;
  readonly iotune?: NonNullable<DiskDef['iotune']>;
  readonly geometry?: NonNullable<DiskDef['geometry']>;
  readonly transient?: boolean;
  readonly backingStore?: NonNullable<DiskDef['backingStore']>;
}
