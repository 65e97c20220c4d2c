import {attr, child, required} from '../fields/element-fields.ts';
import {checkKind, inOrder, type KindRules} from '../fields/kinds.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, integer, oneOf, onOff, yesNo} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';
import {virtioOptions} from './virtio-options.ts';

const driver = record({
  name: attr('name', oneOf('qemu', 'vhostuser')),
  vgaconf: attr('vgaconf', oneOf('io', 'on', 'off')),
  ...virtioOptions,
});

const acceleration = record({
  accel2d: attr('accel2d', yesNo),
  accel3d: attr('accel3d', yesNo),
  rendernode: attr('rendernode', absolutePathText),
});

const resolution = record({
  x: required(attr('x', integer(1)), "x='800'"),
  y: required(attr('y', integer(1)), "y='600'"),
});

/** Sizes are KiB. */
const modelRecord = record({
  type: attr(
    'type',
    oneOf('vga', 'cirrus', 'vmvga', 'xen', 'vbox', 'qxl', 'virtio', 'gop', 'none', 'bochs', 'ramfb', 'parallels'),
  ),
  ramKiB: attr('ram', integer()),
  vramKiB: attr('vram', integer()),
  vram64KiB: attr('vram64', integer()),
  vgamemKiB: attr('vgamem', integer()),
  heads: attr('heads', integer(1)),
  primary: attr('primary', yesNo),
  blob: attr('blob', onOff),
  acceleration: child('acceleration', acceleration),
  resolution: child('resolution', resolution),
});

const QXL = ['@ram', '@vgamem', '@vram64'];

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, video. */
const KINDS: KindRules = {
  ...Object.fromEntries(
    ['vga', 'cirrus', 'vmvga', 'xen', 'vbox', 'virtio', 'gop', 'none', 'bochs', 'ramfb'].map(type => [type, {}]),
  ),
  qxl: {may: QXL},
};

const model: typeof modelRecord = {
  ...modelRecord,
  read: (reader, context) => {
    const value = modelRecord.read(reader, context);
    if (reader.attribute('type') === undefined) reader.schemaError("<model> is not complete: type='...' is missing");
    if (reader.attribute('type') === 'parallels')
      reader.schemaError("the type 'parallels' is not one of the schema", 'type');
    checkKind(reader, 'type', KINDS);
    return value;
  },
};

const shape = {
  driver: child('driver', driver),
  model: child('model', inOrder(model, 'acceleration', 'resolution')),
  ...deviceParts,
};

/** A graphics adapter. Without a type the machine's usual one; `none`: the guest shall have none. */
export type VideoDef = {readonly kind: 'video'} & RecordOf<typeof shape>;
export const videoCodec = recordCodec('video', 'video', record(shape), {
  isStarted: () => true,
  hostResources: ({model: adapter}) => renderNode(adapter?.acceleration?.rendernode, 'video'),
});

/** A node of the host's graphics card that only draws; any number may use it. */
export function renderNode(path: string | undefined, device: string): readonly HostResource[] {
  if (path === undefined) return [];
  return [{role: 'gpu', path, type: 'char', access: 'write', shared: true, created: false, device}];
}
