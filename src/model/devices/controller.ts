import {attr, child, required, textChild} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {hex, integer, matching, oneOf, onOff} from '../fields/scalar.ts';
import {sizeChild} from '../fields/size.ts';
import {deviceParts} from './device-base.ts';
import {recordCodec} from './record-codec.ts';
import {virtioOptions} from './virtio-options.ts';

export const CONTROLLER_TYPES = [
  'ide',
  'fdc',
  'scsi',
  'sata',
  'virtio-serial',
  'ccid',
  'usb',
  'pci',
  'xenbus',
  'isa',
] as const;
export type ControllerType = (typeof CONTROLLER_TYPES)[number];

const whole = integer();

/** What of a PCI controller its own bus sees. Source: libvirt 9.0.0, docs/formatdomain, "Controllers". */
const target = record({
  chassisNr: attr('chassisNr', whole),
  chassis: attr('chassis', whole),
  port: attr('port', hex(1, 0xff)),
  busNr: attr('busNr', whole),
  index: attr('index', whole),
  hotplug: attr('hotplug', onOff),
  node: textChild('node', whole),
});

const driver = record({
  queues: attr('queues', whole),
  commandsPerLun: attr('cmd_per_lun', whole),
  maxSectors: attr('max_sectors', whole),
  ioeventfd: attr('ioeventfd', onOff),
  iothread: attr('iothread', whole),
  ...virtioOptions,
});

const shape = {
  type: required(attr('type', oneOf(...CONTROLLER_TYPES)), "type='usb' or the like"),
  index: attr('index', integer(0, 2 ** 31 - 1)),
  model: attr('model', matching(/^[a-z0-9-]+$/, 'the name of a model')),
  ports: attr('ports', integer(0, 2 ** 31 - 1)),
  vectors: attr('vectors', integer(0, 2 ** 31 - 1)),
  maxGrantFrames: attr('maxGrantFrames', whole),
  maxEventChannels: attr('maxEventChannels', whole),
  pcihole64KiB: sizeChild('pcihole64'),
  modelName: child('model', attr('name', matching(/^[A-Za-z0-9._-]+$/, 'the name of a device'))),
  target: child('target', target),
  driver: child('driver', driver),
  ...deviceParts,
};

/** A controller of a bus; the board's own and those that devices need are added when the definition is completed. */
export type ControllerDef = {readonly kind: 'controller'} & RecordOf<typeof shape>;

export const controllerCodec = recordCodec('controller', 'controller', record(shape), {
  isStarted: ({type}) => type !== 'xenbus',
});
