import {expect, test} from 'vitest';
import {addressOfType} from '../../../src/model/devices/address.ts';
import {assignUsbPorts} from '../../../src/model/post-parse/assign-usb.ts';
import {domainXml, readDomain} from '../read-domain.ts';

/** The USB devices of a definition with their places, e.g. `hub 0:1`; a `?` has none. */
function places(devices: string): readonly string[] {
  return assignUsbPorts(readDomain(domainXml({devices}))).devices.flatMap(device => {
    if (device.kind === 'controller' && device.type === 'usb') return [];
    const address = 'address' in device ? addressOfType(device, 'usb') : undefined;
    const name = device.kind === 'input' ? device.type : device.kind;
    return [`${name} ${address ? `${address.bus}:${address.port}` : '?'}`];
  });
}

const XHCI = "<controller type='usb' index='0' model='qemu-xhci' ports='2'/>";
const TABLET = "<input type='tablet' bus='usb'/>";
const at = (element: string, port: string) =>
  `<${element}><address type='usb' bus='0' port='${port}'/></${element.split(' ')[0]}>`;

test('what the definition places stays, and the others get what is free', () => {
  expect(places(XHCI + TABLET + at("input type='mouse' bus='usb'", '1'))).toEqual(['tablet 0:2', 'mouse 0:1']);
});

test('devices of the host come first, then disks, readers, inputs, lines, sound and channels', () => {
  const all = [
    "<redirdev bus='usb' type='tcp'><source host='h' service='1'/></redirdev>",
    "<sound model='usb'/>",
    "<serial type='null'><target type='usb-serial'/></serial>",
    TABLET,
    "<controller type='ccid' index='0'/>",
    "<disk type='file'><source file='/a'/><target dev='sda' bus='usb'/></disk>",
    "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/><product id='0x2'/></source></hostdev>",
  ];
  const controller = "<controller type='usb' index='0' model='qemu-xhci' ports='8'/>";
  expect(places(controller + all.join('')).toSorted((a, b) => (a.slice(-3) < b.slice(-3) ? -1 : 1))).toEqual([
    'hostdev 0:1',
    'disk 0:2',
    'controller 0:3',
    'tablet 0:4',
    'serial 0:5',
    'sound 0:6',
    'redirdev 0:7',
  ]);
});

test('a hub is added where the ports are too few, and takes the first one', () => {
  expect(places(XHCI + TABLET.repeat(3))).toEqual(['tablet 0:2', 'tablet 0:1.1', 'tablet 0:1.2', 'hub 0:1']);
});

test('hubs on hubs are followed, and their ports used last', () => {
  const hubs = at("hub type='usb'", '1.3') + at("hub type='usb'", '1');
  expect(places(XHCI + hubs + at("input type='mouse' bus='usb'", '1.3.1') + TABLET.repeat(2))).toEqual([
    'mouse 0:1.3.1',
    'tablet 0:2',
    'tablet 0:1.1',
    'hub 0:1.3',
    'hub 0:1',
  ]);
});

test('a bus that the device names is kept to, and the companions of a controller add no ports', () => {
  const second =
    "<controller type='usb' index='1' model='ich9-ehci1'/><controller type='usb' index='1' model='ich9-uhci1'><master startport='0'/></controller>";
  const mouse = "<input type='mouse' bus='usb'><address type='usb' bus='1'/></input>";
  expect(places(XHCI + second + mouse + TABLET)).toEqual(['mouse 1:1', 'tablet 0:1']);
});

test('without a controller whose ports are known the emulator chooses', () => {
  expect(places(TABLET)).toEqual(['tablet ?']);
  expect(places(`<controller type='usb' model='none'/>${TABLET}`)).toEqual(['tablet ?']);
});
