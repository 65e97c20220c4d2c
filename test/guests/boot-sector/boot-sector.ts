import {readFileSync, writeFileSync} from 'node:fs';

const SECTOR_BYTES = 512;
/** SeaBIOS takes a disk of any size; one that is no multiple of a track only costs it a warning. */
const IMAGE_BYTES = 64 * 1024;

/** What the guest prints when it is up, and where it takes a line. */
export const BOOT_SECTOR_BANNER = 'virtty boot sector: ? for help';
export const BOOT_SECTOR_PROMPT = '> ';
/** Bytes that the command `f` prints when no key ends it: 2560 lines of 80, the last one numbered 09ff. */
export const BOOT_SECTOR_FLOOD_BYTES = 204_800;

/** The assembled sector, from `boot-sector.hex`. */
export function bootSectorBytes(): Uint8Array {
  const hex = readFileSync(new URL('boot-sector.hex', import.meta.url), 'utf8').replace(/\s/g, '');
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length !== SECTOR_BYTES) throw new Error(`boot-sector.hex has ${bytes.length} bytes, not ${SECTOR_BYTES}`);
  return bytes;
}

/** Writes a raw disk image that boots the sector; an existing file is replaced. */
export function writeBootSectorImage(path: string): void {
  const image = new Uint8Array(IMAGE_BYTES);
  image.set(bootSectorBytes());
  writeFileSync(path, image);
}
