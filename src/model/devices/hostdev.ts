import {assertNever} from '../../base/assert-never.ts';
import {attr, child, childAttr, list, needed, presence, required, withDefault} from '../fields/element-fields.ts';
import type {RequiredField} from '../fields/field.ts';
import {inOrder, ofKinds} from '../fields/kinds.ts';
import {whileLive} from '../fields/live.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {hex, integer, oneOf, onOff, text, written, yesNo} from '../fields/scalar.ts';
import {uuidText} from '../fields/uuid.ts';
import {variants} from '../fields/variants.ts';
import {pciAddressField, usbNumber} from './address.ts';
import {byProductOrPlace} from './by-product-or-place.ts';
import {deviceParts} from './device-base.ts';
import type {HostResource} from './device-codec.ts';
import {authField, initiatorField, networkHost} from './disk-network.ts';
import {mdevPath, pciPath, scsiPath, usbNode} from './host-paths.ts';
import {teamingField} from './interface-parts.ts';
import {recordCodec} from './record-codec.ts';

const managed = withDefault(attr('managed', yesNo), false);
const rawio = attr('rawio', yesNo);
const driver = childAttr('driver', 'name', oneOf('kvm', 'vfio', 'xen'));

/** What a start does when the device is not there. */
const startupPolicy = attr('startupPolicy', oneOf('mandatory', 'requisite', 'optional'));

const usbDevice = record({bus: needed(attr('bus', usbNumber)), device: needed(attr('device', usbNumber))});

const usbRecord = record({
  startupPolicy,
  missing: whileLive(attr('missing', yesNo)),
  guestReset: attr('guestReset', oneOf('off', 'uninitialized', 'on')),
  vendorId: childAttr('vendor', 'id', hex(4, 0xffff)),
  productId: childAttr('product', 'id', hex(4, 0xffff)),
  address: child('address', usbDevice),
});

const usbSource = byProductOrPlace(usbRecord);

const pciSource = record({
  startupPolicy,
  writeFiltering: attr('writeFiltering', yesNo),
  address: required(child('address', pciAddressField), "<address bus='0x01'/>"),
});

const driveNumber = written(integer(), /^[0-9]{1,10}$/, 'a decimal number');

/** Of a SCSI adapter of the host, or of an iSCSI server. Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, hostdevsubsysscsi. */
const scsiSource = ofKinds(
  record({
    protocol: attr('protocol', oneOf('adapter', 'iscsi')),
    name: attr('name', text),
    adapterName: childAttr('adapter', 'name', text),
    address: child(
      'address',
      record({
        bus: needed(attr('bus', written(integer(), /^[0-9]{1,2}$/, 'a decimal number of at most two digits'))),
        target: needed(attr('target', driveNumber)),
        unit: needed(attr('unit', driveNumber)),
      }),
    ),
    hosts: list('host', networkHost),
    initiator: initiatorField,
    auth: child('auth', authField),
  }),
  'protocol',
  {
    adapter: {must: ['adapter', 'address']},
    iscsi: {must: ['@name', 'host'], may: ['initiator', 'auth']},
  },
  'adapter',
);

const wwpn = written(text, /^naa\.[0-9a-fA-F]{16}$/, "like 'naa.5123456789abcde0'");

const vhostSource = record({
  protocol: required(attr('protocol', oneOf('vhost')), "protocol='vhost'"),
  wwpn: required(attr('wwpn', wwpn), "wwpn='naa.NUMBER'"),
});

const mdevSource = record({address: required(childAttr('address', 'uuid', uuidText), "<address uuid='UUID'/>")});

/** What it is, with its attributes; the element is the device's own. */
const subsystem = variants('type', {
  usb: record({
    managed,
    source: required(child('source', inOrder(usbSource, 'vendor', 'product', 'address')), '<source>'),
  }),
  pci: record({
    managed,
    display: attr('display', onOff),
    driver,
    source: required(child('source', pciSource), '<source>'),
    teaming: teamingField,
  }),
  scsi: record({
    managed,
    sgio: attr('sgio', oneOf('filtered', 'unfiltered')),
    rawio,
    source: required(child('source', scsiSource), '<source>'),
  }),
  scsi_host: record({
    managed,
    model: attr('model', oneOf('virtio', 'virtio-transitional', 'virtio-non-transitional')),
    source: required(child('source', vhostSource), '<source>'),
  }),
  mdev: record({
    managed,
    model: required(attr('model', oneOf('vfio-pci', 'vfio-ccw', 'vfio-ap')), "model='vfio-pci'"),
    display: attr('display', onOff),
    ramfb: attr('ramfb', onOff),
    source: required(child('source', mdevSource), '<source>'),
  }),
});

const subsystemField: RequiredField<NonNullable<ReturnType<typeof subsystem.read>>> = {...subsystem, required: true};

const shape = {
  mode: withDefault(attr('mode', oneOf('subsystem')), 'subsystem'),
  host: subsystemField,
  readonly: presence('readonly'),
  shareable: presence('shareable'),
  ...deviceParts,
};

/** A device of the host that the guest gets. */
export type HostdevDef = {readonly kind: 'hostdev'} & RecordOf<typeof shape>;
export const hostdevCodec = recordCodec('hostdev', 'hostdev', record(shape), {
  isStarted: () => true,
  hostResources: hostdevResources,
});

function hostdevResources(hostdev: HostdevDef): readonly HostResource[] {
  const {host, rom} = hostdev;
  const device = `${host.type} device of the host`;
  const one = (path: string | undefined, more: Partial<HostResource>): readonly HostResource[] =>
    path === undefined
      ? []
      : [{role: 'hostdev', path, type: 'sysfs', access: 'write', shared: false, created: false, device, ...more}];
  return [...ofHost(hostdev, one), ...one(rom?.file, {role: 'rom', type: 'file', access: 'read', shared: true})];
}

function ofHost(
  {host, readonly, shareable}: HostdevDef,
  one: (path: string | undefined, more: Partial<HostResource>) => readonly HostResource[],
): readonly HostResource[] {
  switch (host.type) {
    case 'pci':
      return one(pciPath(host.source.address), {});
    case 'usb':
      return one(usbNode(host.source.address), {type: 'char'});
    case 'scsi': {
      const {adapterName, address = {}} = host.source;
      const path = adapterName === undefined ? undefined : scsiPath(adapterName, address);
      return one(path, {access: readonly ? 'read' : 'write', shared: shareable});
    }
    case 'scsi_host':
      return one('/dev/vhost-scsi', {type: 'char', shared: true});
    case 'mdev':
      return one(mdevPath(host.source.address), {});
    default:
      return assertNever(host);
  }
}
