import {closeSync, constants, openSync} from 'node:fs';
import type {Disposable} from '../../base/disposable.ts';
import {fileError, readTextIfThere} from '../../host/files.ts';
import type {HandedFile} from '../preparation.ts';

/** Open files of this process by the numbers that they get in the emulator; disposing closes them here. */
export interface HandedDescriptors extends Disposable {
  readonly descriptors: ReadonlyMap<number, number>;
}

/** Opens what an emulator inherits. @throws {VirtError} SYSTEM_ERROR naming the file; nothing stays open then */
export async function openHandedFiles(files: readonly HandedFile[]): Promise<HandedDescriptors> {
  const descriptors = new Map<number, number>();
  const dispose = () => {
    for (const fd of descriptors.values()) closeSync(fd);
  };
  try {
    for (const {fd, from} of files) {
      const path = 'path' in from ? from.path : await macvtapNode(from.macvtap);
      descriptors.set(fd, openPath(path));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return {descriptors, dispose};
}

/** The node is named after the number of the device. Source: Linux, drivers/net/macvtap.c, macvtap_device_event. */
async function macvtapNode(dev: string): Promise<string> {
  const ifindex = await readTextIfThere(`/sys/class/net/${dev}/ifindex`);
  return `/dev/tap${ifindex?.trim() ?? ''}`;
}

function openPath(path: string): number {
  try {
    return openSync(path, constants.O_RDWR);
  } catch (error) {
    throw fileError('open', path, error);
  }
}
