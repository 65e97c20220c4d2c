import type {VideoDef} from '../../../model/devices/video.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import {type ArgvInput, domainDirectory} from '../argv-input.ts';
import {deviceArg, type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {virtioOptions} from './virtio-args.ts';

type Model = NonNullable<VideoDef['model']>;
type VideoType = NonNullable<Model['type']>;

/** The devices of an adapter that is the first, and of one that is not, best first. */
interface Drivers {
  readonly first: readonly string[];
  readonly further?: readonly string[];
}

/** Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuDeviceVideo and qemuDeviceVideoSecondary. */
const ADAPTERS: Readonly<Partial<Record<VideoType, Drivers>>> = {
  vga: {first: ['VGA']},
  cirrus: {first: ['cirrus-vga']},
  vmvga: {first: ['vmware-svga']},
  qxl: {first: ['qxl-vga'], further: ['qxl']},
  virtio: {first: ['virtio-vga', 'virtio-gpu-pci', 'virtio-gpu-ccw', 'virtio-gpu-device'], further: ['virtio-gpu-pci']},
  bochs: {first: ['bochs-display']},
  ramfb: {first: ['ramfb']},
};
const WITH_3D: Drivers = {first: ['virtio-vga-gl', 'virtio-gpu-gl-pci'], further: ['virtio-gpu-gl-pci']};
const VHOST_USER: Drivers = {first: ['vhost-user-vga', 'vhost-user-gpu-pci'], further: ['vhost-user-gpu-pci']};

/** A graphics adapter; the model `none` is no device. */
export function buildVideoArgs(video: VideoDef, input: ArgvInput): readonly QemuArg[] {
  const type = video.model?.type ?? 'vga';
  if (type === 'none') return [];
  checkMemory(video, type, input);
  const vhostUser = video.driver?.name === 'vhostuser';
  const {driver, options} = vhostUser ? helped(video, type, input) : plain(video, type, input);
  const device = deviceArg(driver, {
    id: aliasOf(video),
    ...virtioOptions(video.driver),
    ...options,
    ...(type === 'ramfb' ? {} : pciPlace(video, input)),
  });
  return vhostUser ? [helperChardev(video, input), device] : [device];
}

interface Adapter {
  readonly driver: string;
  readonly options: OptionRecord;
}

function plain(video: VideoDef, type: VideoType, input: ArgvInput): Adapter {
  const options = modelOptions(video.model ?? {}, type);
  const what = `${type} graphics adapter`;
  if (type !== 'virtio' || !video.model?.acceleration?.accel3d)
    return {driver: chooseDriver(candidates(ADAPTERS[type], type, video, input), what, input), options};
  // Before QEMU 6.1 it was a switch of the adapter.
  const gl = candidates(WITH_3D, type, video, input).find(name => input.caps.devices.has(name));
  if (gl !== undefined) return {driver: gl, options};
  const driver = chooseDriver(candidates(ADAPTERS.virtio, type, video, input), what, input);
  return {driver, options: {...options, virgl: true}};
}

/** An adapter whose work a program of its own does, beside the emulator. */
function helped(video: VideoDef, type: VideoType, input: ArgvInput): Adapter {
  if (type !== 'virtio') throw refused(video, "the driver 'vhostuser' is for the model 'virtio' only", input);
  const driver = chooseDriver(candidates(VHOST_USER, type, video, input), 'vhost-user graphics adapter', input);
  return {driver, options: {...modelOptions(video.model ?? {}, type), chardev: helperChardevId(video)}};
}

function helperChardevId(video: VideoDef): string {
  return `chr-vu-${aliasOf(video)}`;
}

/** Where the program of an adapter listens. */
export function videoHelperSocket(video: VideoDef, directory: string): string {
  return `${directory}/${aliasOf(video)}-vhost-user.sock`;
}

function helperChardev(video: VideoDef, input: ArgvInput): QemuArg {
  const path = videoHelperSocket(video, domainDirectory(input));
  return optionsArg('-chardev', {id: helperChardevId(video), path}, {key: 'backend', value: 'socket'});
}

function candidates(
  drivers: Drivers | undefined,
  type: VideoType,
  video: VideoDef,
  input: ArgvInput,
): readonly string[] {
  if (!drivers) throw refused(video, `QEMU has no adapter '${type}'`, input);
  const found = isFirst(video, input) ? drivers.first : drivers.further;
  if (!found) throw refused(video, `an adapter '${type}' must be the first; further ones are 'qxl' or 'virtio'`, input);
  return found;
}

function isFirst(video: VideoDef, {def}: ArgvInput): boolean {
  const videos = devicesOf(def, 'video');
  return video === (videos.find(({model}) => model?.primary) ?? videos[0]);
}

function refused(video: VideoDef, why: string, input: ArgvInput) {
  return refusal(`graphics adapter '${aliasOf(video)}'`, why, 'change the <video> in the domain XML', input);
}

const MIN_MEMORY_KIB = 1024;

/** Source: libvirt 9.0.0, src/qemu/qemu_validate.c, qemuValidateDomainDeviceDefVideo. */
function checkMemory(video: VideoDef, type: VideoType, input: ArgvInput): void {
  const {vramKiB, vgamemKiB} = video.model ?? {};
  const checked = type === 'qxl' ? vgamemKiB : type === 'vga' || type === 'vmvga' ? vramKiB : undefined;
  if (checked !== undefined && checked < MIN_MEMORY_KIB)
    throw refused(video, 'it has less than 1 MiB of memory', input);
}

/** What of the model counts for each type; the XML has KiB. */
function modelOptions(model: Model, type: VideoType): OptionRecord {
  const resolution = {xres: model.resolution?.x, yres: model.resolution?.y};
  switch (type) {
    case 'qxl':
      return {
        max_outputs: model.heads,
        ram_size: inBytes(model.ramKiB),
        vram_size: inBytes(model.vramKiB),
        vram64_size_mb: inMib(model.vram64KiB ?? 0),
        vgamem_mb: inMib(model.vgamemKiB),
        ...resolution,
      };
    case 'virtio':
      return {max_outputs: model.heads, blob: model.blob, ...resolution};
    case 'vga':
      return {vgamem_mb: inMib(model.vramKiB), ...resolution};
    case 'vmvga':
      return {vgamem_mb: inMib(model.vramKiB)};
    case 'bochs':
      return {vgamem: inBytes(model.vramKiB), ...resolution};
    default:
      return {};
  }
}

function inMib(kib: number | undefined): number | undefined {
  return kib === undefined ? undefined : Math.floor(kib / 1024);
}

function inBytes(kib: number | undefined): number | undefined {
  return kib === undefined ? undefined : kib * 1024;
}
