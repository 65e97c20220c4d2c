import {describe, expect, test} from 'vitest';
import {findDevice, withoutDevice} from '../../src/driver/hotplug/find-device.ts';
import {requireHotplug} from '../../src/driver/hotplug/hotplug-device.ts';
import {placeDevice} from '../../src/driver/hotplug/place-device.ts';
import {planAttach, removalOf} from '../../src/driver/hotplug/plan-attach.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {numberNewImages} from '../../src/model/image-numbers.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {parseDeviceXml} from '../../src/model/parse-device.ts';
import {assignUsbPorts} from '../../src/model/post-parse/assign-usb.ts';
import {EVERYTHING} from '../argv/device-args.ts';
import {argvInput} from '../argv/live-domain.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const CAPS = {...EVERYTHING, flags: new Set([...EVERYTHING.flags, 'blockdev'])} as typeof EVERYTHING;
const USB = "<controller type='usb' model='qemu-xhci'/>";
const usb = (device: number) =>
  `<hostdev mode='subsystem' type='usb'><source><address bus='3' device='${device}'/></source></hostdev>`;
const disk = (dev: string, bus: string, more = '') =>
  `<disk type='file'><source file='/srv/${dev}.img'/><target dev='${dev}' bus='${bus}'/>${more}</disk>`;

function liveGuest(devices: string, machine = 'pc'): DomainDef {
  const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
  return assignAliases(assignUsbPorts(readDomain(domainXml({os, devices}))));
}

function read(xml: string) {
  const {device, problems} = parseDeviceXml(xml, {newMac: () => '52:54:00:00:00:01'});
  if (!device) throw new Error(JSON.stringify(problems));
  return device;
}

function plan(live: DomainDef, xml: string) {
  const placed = placeDevice(live, requireHotplug(read(xml), 'hot plug', live.name), CAPS);
  const device = placed.kind === 'disk' ? numberNewImages(placed, [1, 4]) : placed;
  const after = {...live, devices: [...live.devices, device]};
  return {device, after, ...planAttach(live, device, {...argvInput(after, CAPS), def: after})};
}

describe('what comes to a guest that runs', () => {
  test('is a USB device of the host on the next free port, with an alias of its own', () => {
    const live = liveGuest(`${USB}${usb(4)}${usb(5)}`);
    const [first] = live.devices.filter(({kind}) => kind === 'hostdev');
    const left = first ? withoutDevice(live, first) : live;
    const {commands, device} = plan(left, usb(6));
    expect(device.alias).toBe('hostdev0');
    expect(commands).toEqual([
      {
        execute: 'device_add',
        arguments: expect.objectContaining({
          driver: 'usb-host',
          hostdevice: '/dev/bus/usb/003/006',
          id: 'hostdev0',
          port: '1',
        }),
      },
    ]);
    expect(findDevice(left, {like: read(usb(5))})).toMatchObject({alias: 'hostdev1'});
    expect(() => findDevice(left, {like: read(usb(4))})).toThrow('it has no such device');
  });

  test('is a disk: its nodes by numbers of their own, from the lowest to the device, each with what takes it away', () => {
    const below =
      "<backingStore type='file'><format type='raw'/><source file='/srv/base.img'/><backingStore/></backingStore>";
    const {commands} = plan(
      liveGuest(USB),
      disk('sdb', 'usb', below).replace('>', "><driver name='qemu' type='qcow2'/>"),
    );
    expect(commands.map(({arguments: made}) => made['node-name'] ?? made.drive)).toEqual([
      'libvirt-6-storage',
      'libvirt-6-format',
      'libvirt-5-storage',
      'libvirt-5-format',
      'libvirt-5-format',
    ]);
    expect(commands.map(removalOf).map(removal => removal?.arguments['node-name'])).toEqual([
      'libvirt-6-storage',
      'libvirt-6-format',
      'libvirt-5-storage',
      'libvirt-5-format',
      undefined,
    ]);
  });

  test('has its limits told when it is there', () => {
    const {limits} = plan(liveGuest(USB), disk('sdb', 'usb', '<iotune><total_iops_sec>5</total_iops_sec></iotune>'));
    expect(limits).toMatchObject([{execute: 'block_set_io_throttle', arguments: {iops: 5}}]);
  });

  test.each([
    [
      'a target that is taken by alias',
      disk('sda', 'usb'),
      disk('sda', 'usb'),
      "another device has the alias 'usb-disk0'",
    ],
    [
      'no port of USB',
      Array.from({length: 4}, (_, at) => usb(at + 1)).join(''),
      usb(9),
      'no port of its USB controllers is free',
    ],
    ['no controller of SCSI', '', disk('sdb', 'scsi'), 'it has no such SCSI controller'],
  ])('is refused where there is %s', (_, there, wanted, why) => {
    expect(() => plan(liveGuest(USB + there), wanted)).toThrow(why);
  });

  test.each([
    ['an interface', "<interface type='user'/>", '<interface>'],
    [
      'a PCI device of the host',
      "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='0' function='0'/></source></hostdev>",
      "<hostdev type='pci'>",
    ],
    [
      'an encrypted disk',
      disk(
        'vdb',
        'virtio',
        "<encryption format='luks'><secret type='passphrase' uuid='11111111-2222-4333-8444-555555555555'/></encryption>",
      ),
      'an encrypted disk',
    ],
    ['a transient disk', disk('vdb', 'virtio', '<transient/>'), 'a transient disk'],
    [
      'a disk of a network',
      "<disk type='network'><source protocol='nbd' name='x'><host name='h'/></source><target dev='vdb' bus='virtio'/></disk>",
      "a disk of type 'network'",
    ],
  ])('is not %s', (_, xml, what) => {
    expect(() => requireHotplug(read(xml), 'hot plug', 'demo')).toThrow(`hot plug of ${what} is not supported`);
  });

  test('takes the first root port that has nothing on a board of PCI Express', () => {
    const ports = [1, 2].map(index => `<controller type='pci' index='${index}' model='pcie-root-port'/>`).join('');
    const root = "<controller type='pci' index='0' model='pcie-root'/>";
    const on = (bus: number) => `<address type='pci' domain='0' bus='${bus}' slot='0' function='0'/>`;
    const live = liveGuest(`${root}${ports}${disk('vda', 'virtio', on(1))}`, 'q35');
    expect(plan(live, disk('vdb', 'virtio')).commands.at(-1)?.arguments).toMatchObject({bus: 'pci.2', addr: '0x0'});
    const {after} = plan(live, disk('vdb', 'virtio'));
    expect(() => plan(after, disk('vdc', 'virtio'))).toThrow('no PCI root port that is free');
  });
});
