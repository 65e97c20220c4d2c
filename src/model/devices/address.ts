import {attr, child, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record, type ValueOf} from '../fields/record.ts';
import {anyText, big, bigHex, hex, integer, onOff} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';

const zpci = record({uid: attr('uid', hex(4, 0xffff)), fid: attr('fid', hex(8, 0xffffffff))});

const pciShape = {
  domain: withDefault(attr('domain', hex(4, 0xffffffff)), 0),
  bus: withDefault(attr('bus', hex(2, 0xff)), 0),
  slot: withDefault(attr('slot', hex(2, 0x1f)), 0),
  function: withDefault(attr('function', hex(1, 7)), 0),
};

/** Where a PCI device is, on the host or in the guest. */
export const pciAddressField = record(pciShape);
export type PciAddress = RecordOf<typeof pciShape>;

const guestPci = record({...pciShape, multifunction: attr('multifunction', onOff), zpci: child('zpci', zpci)});

/** A PCI address that is wished for, but not named yet: `<address type='pci'/>`. */
const anyPci: Field<ValueOf<typeof guestPci> | {readonly domain?: never}> = {
  read: (reader, context) =>
    ['domain', 'bus', 'slot', 'function'].some(name => reader.element.attributes.has(name))
      ? guestPci.read(reader, context)
      : {},
  write: (value, into, context) => {
    if (value.domain !== undefined) guestPci.write(value, into, context);
  },
};

const whole = integer();
const zero = (name: string) => withDefault(attr(name, whole), 0);

/**
 * Where the guest finds a device. Source: libvirt 9.0.0, src/conf/device_conf.h, virDomainDeviceAddressType.
 * The order of the parts is that in which libvirt prints them.
 */
export const addressField = child(
  'address',
  variants('type', {
    pci: anyPci,
    drive: record({controller: zero('controller'), bus: zero('bus'), target: zero('target'), unit: zero('unit')}),
    'virtio-serial': record({controller: zero('controller'), bus: zero('bus'), port: attr('port', whole)}),
    ccid: record({controller: zero('controller'), slot: zero('slot')}),
    usb: record({bus: zero('bus'), port: attr('port', anyText)}),
    'spapr-vio': record({reg: attr('reg', hexReg())}),
    ccw: record({
      cssid: attr('cssid', hex(1, 0xfe)),
      ssid: attr('ssid', hex(1, 3)),
      devno: attr('devno', hex(4, 0xffff)),
    }),
    'virtio-s390': record({}),
    'virtio-mmio': record({}),
    isa: record({iobase: attr('iobase', hex(1, 0xffffffff)), irq: attr('irq', hex(1, 0xffffffff))}),
    dimm: record({slot: zero('slot'), base: attr('base', bigHex)}),
    unassigned: record({}),
  }),
);

function hexReg() {
  return {...big, print: (value: bigint) => `0x${value.toString(16).padStart(8, '0')}`};
}

export type DeviceAddress = ValueOf<typeof addressField>;

/** The address of a type; undefined for another one or none. */
export function addressOfType<T extends DeviceAddress['type']>(
  device: {readonly address?: DeviceAddress},
  type: T,
): Extract<DeviceAddress, {readonly type: T}> | undefined {
  const {address} = device;
  return address?.type === type ? (address as Extract<DeviceAddress, {readonly type: T}>) : undefined;
}
