import {attr, child, required} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, oneOf, onOff, text} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';
import {virtioDriver, virtioModel} from './virtio-options.ts';

const source = record({
  dev: attr('dev', absolutePathText),
  evdev: attr('evdev', absolutePathText),
  grab: attr('grab', oneOf('all')),
  grabToggle: attr('grabToggle', text),
  repeat: attr('repeat', onOff),
});

const shape = {
  type: required(
    attr('type', oneOf('mouse', 'tablet', 'keyboard', 'passthrough', 'evdev')),
    "type='tablet' or the like",
  ),
  bus: attr('bus', oneOf('ps2', 'usb', 'xen', 'parallels', 'virtio', 'none')),
  model: attr('model', virtioModel),
  driver: child('driver', virtioDriver),
  source: child('source', source),
  ...deviceParts,
};

/** Mouse, tablet, keyboard, or a device of the host that is one. */
export type InputDef = {readonly kind: 'input'} & RecordOf<typeof shape>;
export const inputCodec = recordCodec('input', 'input', record(shape), {
  isStarted: ({bus}) => bus !== 'xen' && bus !== 'parallels',
  hostResources: ({source: host}) =>
    [host?.dev, host?.evdev].flatMap(path => (path === undefined ? [] : [device(path)])),
});

function device(path: string): HostResource {
  return {role: 'input', path, type: 'char', access: 'write', shared: false, created: false, device: `input ${path}`};
}
