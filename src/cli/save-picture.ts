import {writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {encodePpm, type Picture} from '../base/picture.ts';
import {encodePng} from '../host/encode-png.ts';
import {fileError} from '../host/files.ts';
import {fileNameOf} from '../model/domain-path.ts';

/** How a picture is written: PPM where that is what the file's name says, else PNG. */
export type PictureType = 'image/png' | 'image/x-portable-pixmap';

/** The type of a file by its name. */
export function pictureType(file: string): PictureType {
  return /\.p[pn]m$/i.test(file) ? 'image/x-portable-pixmap' : 'image/png';
}

/** The picture as the bytes of a file. */
export function encodePicture(picture: Picture, type: PictureType): Uint8Array {
  return type === 'image/png' ? encodePng(picture) : encodePpm(picture);
}

/**
 * The name of a file for a picture of a domain, as virsh makes it: `NAME-2026-11-24-22:05:10.png`, in local time.
 *
 * @param ms  since 1970
 * @see libvirt 9.0.0, tools/virsh-domain.c, virshGenFileName
 */
export function pictureFileName(domain: string, ms: number): string {
  const at = new Date(ms);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${fileNameOf(domain)}-${day}-${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.png`;
}

/**
 * Writes a picture to a file; one that is there is replaced, as virsh does it. Only its owner may read a new one, since
 * a screen may show secrets.
 *
 * @param cwd  what a relative path is relative to
 * @returns the absolute path
 * @throws {VirtError} SYSTEM_ERROR with the absolute path
 */
export async function savePicture(file: string, picture: Picture, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    await writeFile(path, encodePicture(picture, pictureType(file)), {mode: 0o600});
  } catch (error) {
    throw fileError('write', path, error);
  }
  return path;
}
