import type {FilesystemDef} from '../../model/devices/filesystem.ts';

/** A directory of the host and how it is shared: what a filesystem is without the device that the guest sees. */
export type Directory = Pick<FilesystemDef, 'accessmode' | 'readonly' | 'source'> &
  Partial<Pick<FilesystemDef, 'fmode' | 'dmode' | 'multidevs' | 'driver'>>;
