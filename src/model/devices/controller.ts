import {attr, child, childAttr, required, textChild} from '../fields/element-fields.ts';
import {checkKindOf, type KindRules, ofKinds} from '../fields/kinds.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {anyInteger, hex, integer, matching, oneOf, onOff} from '../fields/scalar.ts';
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

const byte = anyInteger(0, 0xff);

/** What of a PCI controller its own bus sees. Source: libvirt 9.0.0, docs/formatdomain, "Controllers". */
const target = record({
  chassisNr: attr('chassisNr', byte),
  chassis: attr('chassis', byte),
  port: attr('port', hex(1, 0xff)),
  busNr: attr('busNr', byte),
  index: attr('index', byte),
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
  modelName: childAttr('model', 'name', matching(/^[A-Za-z0-9._-]+$/, 'the name of a device')),
  target: child('target', target),
  driver: child('driver', driver),
  ...deviceParts,
};

/** A controller of a bus; the board's own and those that devices need are added when the definition is completed. */
export type ControllerDef = {readonly kind: 'controller'} & RecordOf<typeof shape>;

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, controller. */
const KINDS: KindRules = {
  fdc: {},
  sata: {},
  ccid: {},
  isa: {},
  scsi: {
    may: ['@model'],
    words: {
      model: [
        'auto',
        'buslogic',
        'lsilogic',
        'lsisas1068',
        'lsisas1078',
        'vmpvscsi',
        'ibmvscsi',
        'virtio-scsi',
        'virtio-transitional',
        'virtio-non-transitional',
        'ncr53c90',
        'dc390',
        'am53c974',
      ],
    },
  },
  usb: {
    may: ['@model', '@ports', 'master'],
    words: {
      model: [
        'piix3-uhci',
        'piix4-uhci',
        'ehci',
        'ich9-ehci1',
        'ich9-uhci1',
        'ich9-uhci2',
        'ich9-uhci3',
        'vt82c686b-uhci',
        'pci-ohci',
        'nec-xhci',
        'qemu-xhci',
        'qusb1',
        'qusb2',
        'none',
      ],
    },
  },
  ide: {may: ['@model'], words: {model: ['piix3', 'piix4', 'ich6']}},
  pci: {
    must: ['@model'],
    may: ['model', 'target', 'pcihole64'],
    words: {
      model: [
        'pci-root',
        'pcie-root',
        'pci-bridge',
        'dmi-to-pci-bridge',
        'pcie-to-pci-bridge',
        'pcie-root-port',
        'pcie-switch-upstream-port',
        'pcie-switch-downstream-port',
        'pci-expander-bus',
        'pcie-expander-bus',
      ],
    },
  },
  'virtio-serial': {
    may: ['@model', '@ports', '@vectors'],
    words: {model: ['virtio', 'virtio-transitional', 'virtio-non-transitional']},
  },
  xenbus: {may: ['@maxGrantFrames', '@maxEventChannels']},
};

/** The devices that a PCI controller can be. */
const PCI_DEVICES: KindRules = {
  pci: {
    words: {
      name: [
        'spapr-pci-host-bridge',
        'pci-bridge',
        'i82801b11-bridge',
        'pcie-pci-bridge',
        'ioh3420',
        'pcie-root-port',
        'x3130-upstream',
        'xio3130-downstream',
        'pxb',
        'pxb-pcie',
      ],
    },
  },
};

const controllerRecord = ofKinds(record(shape), 'type', KINDS);

const controllerField: typeof controllerRecord = {
  ...controllerRecord,
  read: (reader, context) => {
    const value = controllerRecord.read(reader, context);
    const model = reader.child('model');
    if (model?.isStrict) checkKindOf(model, '<model>', 'pci', PCI_DEVICES);
    if (reader.child('pcihole64') && !['pci-root', 'pcie-root'].includes(value?.model ?? ''))
      reader.schemaError('<pcihole64> belongs to the controllers pci-root and pcie-root');
    return value;
  },
};

export const controllerCodec = recordCodec('controller', 'controller', controllerField, {
  isStarted: ({type}) => type !== 'xenbus',
});
