import type {VideoDef} from '../../../model/devices/video.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {virtioOptions} from './virtio-args.ts';

/** By model: the devices of the first adapter, and of further ones. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuDeviceVideo and qemuDeviceVideoSecondary. */
const ADAPTERS: Readonly<Record<string, {readonly first: readonly string[]; readonly further?: readonly string[]}>> = {
  vga: {first: ['VGA']},
  cirrus: {first: ['cirrus-vga']},
  vmvga: {first: ['vmware-svga']},
  qxl: {first: ['qxl-vga'], further: ['qxl']},
  virtio: {first: ['virtio-vga', 'virtio-gpu-pci'], further: ['virtio-gpu-pci']},
  bochs: {first: ['bochs-display'], further: ['bochs-display']},
  ramfb: {first: ['ramfb']},
};

/** A graphics adapter; the model `none` is no device. */
export function buildVideoArgs(video: VideoDef, input: ArgvInput): readonly QemuArg[] {
  const type = video.model?.type ?? 'vga';
  if (type === 'none') return [];
  if (video.driver?.name === 'vhostuser') throw notYetSupported("<video><driver name='vhostuser'>", input);
  const candidates = isFirst(video, input) ? ADAPTERS[type]?.first : ADAPTERS[type]?.further;
  if (!candidates)
    throw notYetSupported(`the ${isFirst(video, input) ? '' : 'second '}<video> adapter '${type}'`, input);
  const wants3d = type === 'virtio' && video.model?.acceleration?.accel3d === true;
  const named = wants3d
    ? candidates.map(name => (name === 'virtio-vga' ? 'virtio-vga-gl' : 'virtio-gpu-gl-pci'))
    : candidates;
  const options = {
    id: aliasOf(video),
    ...virtioOptions(video.driver),
    ...memory(video, type),
    ...(type === 'ramfb' ? {} : pciPlace(video, input)),
  };
  return [deviceArg(chooseDriver(named, `${type} graphics adapter`, input), options)];
}

function isFirst(video: VideoDef, {def}: ArgvInput): boolean {
  const videos = devicesOf(def, 'video');
  return video === (videos.find(({model}) => model?.primary) ?? videos[0]);
}

/** What of the model counts for each type; the XML has KiB. */
function memory({model}: VideoDef, type: string): OptionRecord {
  const inMib = (kib: number | undefined) => (kib === undefined ? undefined : Math.floor(kib / 1024));
  const inBytes = (kib: number | undefined) => (kib === undefined ? undefined : kib * 1024);
  const resolution = {xres: model?.resolution?.x, yres: model?.resolution?.y};
  switch (type) {
    case 'qxl':
      return {
        max_outputs: model?.heads,
        ram_size: inBytes(model?.ramKiB),
        vram_size: inBytes(model?.vramKiB),
        vram64_size_mb: inMib(model?.vram64KiB ?? 0),
        vgamem_mb: inMib(model?.vgamemKiB),
        ...resolution,
      };
    case 'virtio':
      return {max_outputs: model?.heads, blob: model?.blob, ...resolution};
    case 'vga':
    case 'vmvga':
      return {vgamem_mb: inMib(model?.vramKiB), ...(type === 'vga' ? resolution : {})};
    case 'bochs':
      return {vgamem: inBytes(model?.vramKiB), ...resolution};
    default:
      return {};
  }
}
