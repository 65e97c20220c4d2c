import {attr, child, needed, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record, type ValueOf} from '../fields/record.ts';
import {anyInteger, anyText, big, bigHex, hex, integer, onOff, written} from '../fields/scalar.ts';
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

/** Digits of a number in an address. Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, driveController and others. */
const digits = (most: number) =>
  written(integer(), new RegExp(`^[0-9]{1,${most}}$`), `a decimal number of at most ${most} digits`);
const two = digits(2);
const zero = (name: string, scalar = two) => withDefault(attr(name, scalar), 0);
const neededZero = (name: string, scalar = two) => withDefault(needed(attr(name, scalar)), 0);

/** Of a USB bus or device: up to three hexadecimal digits. */
export const usbNumber = written(anyInteger(0, 0xfff), /^(?:0x)?[0-9A-Fa-f]{1,3}$/, 'a number of at most three digits');

const usbPort = written(
  anyText,
  /^(?:(?:0x)?[0-9A-Fa-f]{1,3}\.){0,3}(?:0x)?[0-9A-Fa-f]{1,3}$/,
  "a port like '1' or '1.2'",
);

const ccwRecord = record({
  cssid: attr('cssid', hex(1, 0xfe)),
  ssid: attr('ssid', hex(1, 3)),
  devno: attr('devno', hex(4, 0xffff)),
});

/** All three numbers or none. */
const ccw: typeof ccwRecord = {
  ...ccwRecord,
  read: (reader, context) => {
    const value = ccwRecord.read(reader, context);
    const missing = ['cssid', 'ssid', 'devno'].filter(name => !reader.element.attributes.has(name));
    if (missing.length === 1 || missing.length === 2)
      reader.schemaError(`<address> is not complete: ${missing.map(name => `${name}='...'`).join(' and ')} is missing`);
    return value;
  },
};

/**
 * Where the guest finds a device. Source: libvirt 9.0.0, src/conf/device_conf.h, virDomainDeviceAddressType.
 * The order of the parts is that in which libvirt prints them.
 */
export const addressField = child(
  'address',
  variants('type', {
    pci: anyPci,
    drive: record({
      controller: zero('controller'),
      bus: zero('bus'),
      target: zero('target'),
      unit: zero('unit', digits(5)),
    }),
    'virtio-serial': record({
      controller: neededZero('controller'),
      bus: zero('bus'),
      port: attr('port', two),
    }),
    ccid: record({controller: neededZero('controller'), slot: zero('slot')}),
    usb: record({bus: neededZero('bus', usbNumber), port: attr('port', usbPort)}),
    'spapr-vio': record({reg: attr('reg', hexReg())}),
    ccw,
    'virtio-s390': record({}),
    'virtio-mmio': record({}),
    isa: record({iobase: attr('iobase', isaNumber(4)), irq: attr('irq', isaNumber(1))}),
    dimm: record({slot: zero('slot', integer()), base: attr('base', bigHex)}),
    unassigned: record({}),
  }),
);

function hexReg() {
  const scalar = {...big, print: (value: bigint) => `0x${value.toString(16).padStart(8, '0')}`};
  return written(scalar, /^(?:0x)?[0-9A-Fa-f]{1,8}$/, 'a number of at most eight hexadecimal digits');
}

function isaNumber(most: number) {
  const expected = `a number like '0x1' of at most ${most} hexadecimal digits`;
  return written(hex(1, 0xffffffff), new RegExp(`^0x[0-9A-Fa-f]{1,${most}}$`), expected);
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
