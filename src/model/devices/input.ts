import {attr, child, required} from '../fields/element-fields.ts';
import {checkKindOf, type KindRules, ofKinds} from '../fields/kinds.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {absolutePathText, oneOf, onOff, text, written} from '../fields/scalar.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {recordCodec} from './record-codec.ts';
import {virtioDriver, virtioModel} from './virtio-options.ts';

/** Combinations that hand the device over between host and guest. Source: QEMU 7.2, qapi/common.json, GrabToggleKeys. */
export const INPUT_TOGGLES: readonly string[] = [
  'ctrl-ctrl',
  'alt-alt',
  'shift-shift',
  'meta-meta',
  'scrolllock',
  'ctrl-scrolllock',
];
const toggle = written(text, keys => INPUT_TOGGLES.includes(keys), "keys like 'ctrl-ctrl'");

const source = record({
  dev: attr('dev', absolutePathText),
  evdev: attr('evdev', absolutePathText),
  grab: attr('grab', oneOf('all')),
  grabToggle: attr('grabToggle', toggle),
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

const BUS = {may: ['@bus'], words: {bus: ['ps2', 'usb', 'xen', 'virtio']}};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, input. */
const KINDS: KindRules = {
  mouse: BUS,
  tablet: BUS,
  keyboard: BUS,
  passthrough: {must: ['@bus', 'source'], words: {bus: ['virtio']}},
  evdev: {must: ['source']},
};

const SOURCES: KindRules = {
  passthrough: {must: ['@evdev']},
  evdev: {must: ['@dev'], may: ['@grab', '@grabToggle', '@repeat']},
};

const inputRecord = ofKinds(record(shape), 'type', KINDS);

const inputField: typeof inputRecord = {
  ...inputRecord,
  read: (reader, context) => {
    const value = inputRecord.read(reader, context);
    const of = reader.child('source');
    const type = reader.attribute('type') ?? '';
    if (of?.isStrict) checkKindOf(of, `the <source> of type '${type}'`, type, SOURCES);
    return value;
  },
};

/** Mouse, tablet, keyboard, or a device of the host that is one. */
export type InputDef = {readonly kind: 'input'} & RecordOf<typeof shape>;
export const inputCodec = recordCodec('input', 'input', inputField, {
  isStarted: ({bus}) => bus !== 'xen' && bus !== 'parallels',
  hostResources: ({source: host}) =>
    [host?.dev, host?.evdev].flatMap(path => (path === undefined ? [] : [device(path)])),
});

function device(path: string): HostResource {
  return {role: 'input', path, type: 'char', access: 'write', shared: false, created: false, device: `input ${path}`};
}

/** Whether an input device sits on USB; without a bus, a tablet does. */
export function isUsbInput(input: InputDef): boolean {
  return input.bus === 'usb' || (input.bus === undefined && input.type === 'tablet');
}
