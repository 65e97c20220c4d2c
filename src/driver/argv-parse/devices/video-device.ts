import type {VideoDef} from '../../../model/devices/video.ts';
import {claimChardev} from '../chardevs/ports.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {type VideoModel, type VideoType, videoOf} from '../screens/video.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';
import {takeVirtioOptions} from './virtio-device.ts';

/** A graphics adapter with its memory; the first is the one that the firmware draws on. */
function video(type: VideoType, more: VideoModel = {}): DeviceReader {
  return ({bag}, draft) => {
    const isFirst = !draft.devices.some(({kind}) => kind === 'video');
    const {model, ...made} = videoOf(type, isFirst);
    const driver = takeVirtioOptions(bag);
    const device: VideoDef = {
      ...made,
      model: {...model, ...takeModel(type, bag), ...more},
      ...(Object.keys(driver).length > 0 ? {driver} : {}),
      ...takeDeviceBase(bag, draft),
    };
    draft.devices.push(device);
    return true;
  };
}

/**
 * An adapter whose work a program of its own does; false where nobody serves it. Which program that is, the line does
 * not say, and nor does the XML: the driver starts the host's.
 */
const served: DeviceReader = (option, draft) => {
  const {bag, arg} = option;
  if (claimChardev(bag.peek('chardev'), draft) === undefined) return false;
  bag.take('chardev');
  draft.note(arg, 'the driver starts the program that draws for it');
  const at = draft.devices.length;
  video('virtio')(option, draft);
  const device = draft.devices[at];
  if (device?.kind === 'video') draft.devices[at] = {...device, driver: {name: 'vhostuser', ...device.driver}};
  return true;
};

/** What of the model counts for each type; the XML has KiB. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildDeviceVideoCmd. */
function takeModel(type: VideoType, bag: OptionBag): VideoModel {
  const mebibytes = (key: string) => {
    const found = bag.takeNumber(key);
    return found === undefined ? undefined : found * 1024;
  };
  const bytes = (key: string) => {
    const found = bag.takeNumber(key);
    return found === undefined ? undefined : Math.floor(found / 1024);
  };
  const [x, y] = [bag.takeNumber('xres'), bag.takeNumber('yres')];
  const resolution = x === undefined || y === undefined ? undefined : {x, y};
  const heads = bag.takeNumber('max_outputs');
  switch (type) {
    case 'qxl':
      return omitUndefined({
        heads,
        ramKiB: bytes('ram_size'),
        vramKiB: bytes('vram_size'),
        vram64KiB: mebibytes('vram64_size_mb') || undefined,
        vgamemKiB: mebibytes('vgamem_mb'),
        resolution,
      });
    case 'bochs':
      return omitUndefined({vramKiB: kibOf(bag), resolution});
    case 'virtio':
      return omitUndefined({heads, blob: bag.takeSwitch('blob'), acceleration: takeSwitched3d(bag), resolution});
    default:
      return omitUndefined({heads, vramKiB: mebibytes('vgamem_mb'), resolution});
  }
}

/** `vgamem=16384k`, or bytes. */
function kibOf(bag: OptionBag): number | undefined {
  const match = /^(\d{1,12})(k?)$/.exec(bag.peek('vgamem') ?? '');
  if (!match) return undefined;
  bag.take('vgamem');
  return match[2] === 'k' ? Number(match[1]) : Math.floor(Number(match[1]) / 1024);
}

/** Before QEMU 6.1 it was a switch of the adapter. */
function takeSwitched3d(bag: OptionBag): VideoModel['acceleration'] {
  const accel3d = bag.takeSwitch('virgl');
  return accel3d === undefined ? undefined : {accel3d};
}

const ACCELERATED: VideoModel = {acceleration: {accel3d: true}};

/** Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuDeviceVideo and qemuDeviceVideoSecondary. */
export const VIDEO_DEVICES: DeviceReaders = {
  VGA: video('vga'),
  'secondary-vga': video('vga'),
  'cirrus-vga': video('cirrus'),
  'vmware-svga': video('vmvga'),
  'qxl-vga': video('qxl'),
  qxl: video('qxl'),
  'virtio-vga': video('virtio'),
  'vhost-user-vga': served,
  'vhost-user-gpu': served,
  'virtio-gpu': video('virtio'),
  'virtio-vga-gl': video('virtio', ACCELERATED),
  'virtio-gpu-gl': video('virtio', ACCELERATED),
  'bochs-display': video('bochs'),
  ramfb: video('ramfb'),
};
