import {expect, test} from 'vitest';
import {deviceBusesOf} from '../../src/driver/emulators/device-buses.ts';

test('a device sits on the bus of the nearest class above it', () => {
  const types = [
    {name: 'device', parent: 'object', abstract: true},
    {name: 'pci-device', parent: 'device', abstract: true},
    {name: 'base-xhci', parent: 'pci-device', abstract: true},
    {name: 'qemu-xhci', parent: 'base-xhci'},
    {name: 'usb-device', parent: 'device', abstract: true},
    {name: 'usb-kbd', parent: 'usb-device'},
    {name: 'vmgenid', parent: 'device'},
    {name: 'constructor', parent: 'device'},
  ];
  expect(deviceBusesOf(types)).toEqual(
    new Map([
      ['qemu-xhci', 'pci'],
      ['usb-kbd', 'usb'],
    ]),
  );
});

test('an emulator that tells no parents, or a circle of them, has no buses', () => {
  expect(deviceBusesOf([{name: 'e1000'}, {name: 'a', parent: 'b'}, {name: 'b', parent: 'a'}, 7])).toEqual(new Map());
});
