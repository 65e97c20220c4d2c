import {randomUUID} from 'node:crypto';
import {decodePpm, type Picture} from '../base/picture.ts';
import {VirtError} from '../base/virt-error.ts';
import {removeFile} from '../host/files.ts';
import {readForeignFile} from '../host/read-foreign-file.ts';
import type {VideoDef} from '../model/devices/video.ts';
import type {MonitorClient} from '../monitor/monitor-client.ts';
import {QmpCommandError} from '../monitor/qmp-client.ts';
import type {QmpObject} from '../monitor/qmp-json.ts';

/** A screen of 8K in PPM has 100 MB. */
const MAX_PICTURE_BYTES = 256 * 1024 * 1024;

export interface ScreenshotTarget {
  readonly name: string;
  /** As they run. */
  readonly videos: readonly VideoDef[];
  /** The guest's directory of the run. */
  readonly directory: string;
  /** Counted over the heads of all video devices; the emulator's first one without. */
  readonly screen?: number;
}

/** A picture takes some milliseconds: an emulator that does not answer should not keep waiting who looks at other things. */
const PICTURE_TIMEOUT_MS = 5_000;

/**
 * Takes a picture of a guest's screen through a file in the guest's directory of its run, which is removed.
 * Asked for is PPM, which every emulator with a JSON monitor writes, with and without a display.
 *
 * @throws {VirtError} INVALID_ARG for a screen that is not there, OPERATION_INVALID for a guest without one, OPERATION_TIMEOUT after 5 s
 */
export async function takeScreenshot(monitor: MonitorClient, target: ScreenshotTarget): Promise<Picture> {
  const place = screenArguments(target);
  const filename = `${target.directory}/screen-${randomUUID()}.ppm`;
  try {
    await monitor.execute('screendump', {filename, ...place}, {timeoutMs: PICTURE_TIMEOUT_MS});
    return decodePpm(await readForeignFile(filename, MAX_PICTURE_BYTES));
  } catch (error) {
    if (error instanceof QmpCommandError && screensOf(target).length === 0) throw noScreen(target.name, error);
    throw error;
  } finally {
    await removeFile(filename);
  }
}

/** The device and head of a screen. Source: libvirt 9.0.0, src/qemu/qemu_driver.c, qemuDomainScreenshot. */
function screenArguments(target: ScreenshotTarget): QmpObject {
  const {name, screen = 0} = target;
  if (screen === 0) return {};
  let head = screen;
  for (const {alias, model} of screensOf(target)) {
    const heads = model?.heads ?? 1;
    if (head < heads) return alias === undefined ? {} : {device: alias, head};
    head -= heads;
  }
  const count = screen - head;
  const there = count === 1 ? 'one, number 0' : `${count}, from 0 to ${count - 1}`;
  const message = `cannot take a screenshot of screen ${screen} of domain '${name}': it has no such screen`;
  throw new VirtError('INVALID_ARG', 'QEMU', message, count === 0 ? {} : {hint: `it has ${there}`});
}

function screensOf({videos}: ScreenshotTarget): readonly VideoDef[] {
  return videos.filter(({model}) => model?.type !== 'none');
}

function noScreen(name: string, cause: unknown): VirtError {
  return new VirtError(
    'OPERATION_INVALID',
    'QEMU',
    `cannot take a screenshot of domain '${name}': it has no video device`,
    {
      cause,
      hint: `add one, <video><model type='vga'/></video>, with virtty edit ${name}; its serial line: virtty console ${name}`,
    },
  );
}
