import {constants} from 'node:fs';
import {chown, open, stat} from 'node:fs/promises';
import {VirtError} from '../../base/virt-error.ts';
import {fileError, removeFile} from '../../host/files.ts';

/** What stands before a guest's state in its file, as libvirt writes it. */
export interface SaveHeader {
  /** The definition that the guest ran with. */
  readonly xml: string;
  readonly wasRunning: boolean;
}

/** Where the state begins, and what is before it. */
export interface SaveImage extends SaveHeader {
  readonly stateOffset: number;
}

const WHOLE = 'LibvirtQemudSave';
const PARTIAL = 'LibvirtQemudPart';
const VERSION = 2;
const HEADER_BYTES = 92;
const MAX_XML_BYTES = 16 * 1024 * 1024;

/**
 * Begins a file for the state of a guest; until `finishSaveImage` it says that it is not whole.
 *
 * @param owner  who appends the state
 * @throws {VirtError} OPERATION_FAILED when the file is there, SYSTEM_ERROR
 * @see libvirt 9.0.0, src/qemu/qemu_saveimage.h, struct _virQEMUSaveHeader
 */
export async function beginSaveImage(
  path: string,
  header: SaveHeader,
  owner: {readonly uid: number; readonly gid: number},
): Promise<void> {
  const {O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW} = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600).catch((error: unknown) => {
    throw fileError('save the guest in', path, error);
  });
  try {
    await file.write(encodeHeader(PARTIAL, header));
    if (process.getuid?.() === 0) await file.chown(owner.uid, owner.gid);
  } catch (error) {
    await removeFile(path);
    throw fileError('save the guest in', path, error);
  } finally {
    await file.close();
  }
}

/** Says that the file is whole, and whose it is now. @throws {VirtError} OPERATION_FAILED when no state is in it */
export async function finishSaveImage(path: string, header: SaveHeader): Promise<void> {
  const file = await open(path, 'r+');
  try {
    if ((await file.stat()).size <= encodeHeader(WHOLE, header).length) {
      throw new VirtError('OPERATION_FAILED', 'QEMU', `the emulator has written nothing into '${path}'`);
    }
    await file.write(WHOLE, 0, 'latin1');
    await file.sync();
    if (process.getuid?.() === 0) await file.chown(0, 0);
  } finally {
    await file.close();
  }
}

/** Reads what is before the state. @throws {VirtError} OPERATION_FAILED for a file that is none, or not whole */
export async function readSaveImage(path: string): Promise<SaveImage> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileError('restore a guest from', path, error);
  });
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    const {bytesRead} = await file.read(head, 0, HEADER_BYTES, 0);
    const magic = head.toString('latin1', 0, WHOLE.length);
    if (bytesRead < HEADER_BYTES || (magic !== WHOLE && magic !== PARTIAL))
      throw notSaved(path, 'it is no saved guest');
    if (magic === PARTIAL) throw notSaved(path, 'it was not saved to its end');
    const [version, dataBytes = 0, wasRunning, compressed] = [16, 20, 24, 28].map(at => head.readUInt32LE(at));
    if (version !== VERSION && version !== 1) throw notSaved(path, `it is of version ${version}, which is not known`);
    if (compressed !== 0) throw notSaved(path, 'its state is compressed, which this program cannot read');
    if (dataBytes === 0 || dataBytes > MAX_XML_BYTES) throw notSaved(path, 'its definition cannot be read');
    const data = Buffer.alloc(dataBytes);
    await file.read(data, 0, dataBytes, HEADER_BYTES);
    const end = data.indexOf(0);
    const xml = data.toString('utf8', 0, end < 0 ? dataBytes : end);
    return {xml, wasRunning: wasRunning === 1, stateOffset: HEADER_BYTES + dataBytes};
  } finally {
    await file.close();
  }
}

/** Makes the file readable for a guest's user while it is read. @returns gives it back */
export async function lendSaveImage(
  path: string,
  owner: {readonly uid: number; readonly gid: number},
): Promise<() => Promise<void>> {
  const before = await stat(path);
  if (process.getuid?.() !== 0 || before.uid === owner.uid) return async () => {};
  await chown(path, owner.uid, owner.gid);
  return () => chown(path, before.uid, before.gid);
}

/** All numbers in the byte order of this host, which is that of x86 and ARM. */
function encodeHeader(magic: string, {xml, wasRunning}: SaveHeader): Buffer {
  const text = Buffer.from(`${xml}\0`, 'utf8');
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(magic, 0, 'latin1');
  head.writeUInt32LE(VERSION, 16);
  head.writeUInt32LE(text.length, 20);
  head.writeUInt32LE(wasRunning ? 1 : 0, 24);
  return Buffer.concat([head, text]);
}

function notSaved(path: string, why: string): VirtError {
  return new VirtError('OPERATION_FAILED', 'QEMU', `cannot restore a guest from '${path}': ${why}`);
}
