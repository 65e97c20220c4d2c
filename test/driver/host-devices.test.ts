import {describe, expect, test} from 'vitest';
import {checkVfio} from '../../src/driver/host-devices/check-vfio.ts';
import {findScsiNodes} from '../../src/driver/host-devices/scsi-nodes.ts';
import {settleUsb} from '../../src/driver/host-devices/settle-usb.ts';
import {readUsbDevices} from '../../src/driver/host-devices/usb-devices.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {fakeTree, type TreeFiles} from '../host-info/fake-tree.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

function definition(devices: string): DomainDef {
  return assignAliases(readDomain(domainXml({devices})));
}

function usbFiles(name: string, [vendor, product, bus, device]: readonly string[]): TreeFiles {
  const folder = `/sys/bus/usb/devices/${name}`;
  return {
    [`${folder}/idVendor`]: `${vendor}\n`,
    [`${folder}/idProduct`]: `${product}\n`,
    [`${folder}/busnum`]: `${bus}\n`,
    [`${folder}/devnum`]: `${device}\n`,
  };
}

describe('a USB device of the host', () => {
  const plugged = readUsbDevices(
    fakeTree({
      ...usbFiles('1-1', ['1234', 'beef', '1', '4']),
      ...usbFiles('1-2', ['046d', 'c52b', '1', '5']),
      ...usbFiles('2-1', ['046d', 'c52b', '2', '9']),
      '/sys/bus/usb/devices/1-1:1.0/bInterfaceNumber': '00\n',
    }),
  );
  const hostdev = (source: string, attributes = '') =>
    `<hostdev mode='subsystem' type='usb'><source${attributes}>${source}</source></hostdev>`;
  const numbers = (vendor: string, product: string) => `<vendor id='0x${vendor}'/><product id='0x${product}'/>`;
  const places = (...devices: readonly string[]) =>
    settleUsb(definition(devices.join('')), plugged).def.devices.map(device =>
      device.kind === 'hostdev' && device.host.type === 'usb' ? device.host.source.address : undefined,
    );

  test('is found by the numbers of its maker, and then known by its place', () => {
    expect(places(hostdev(numbers('1234', 'beef')))).toEqual([{bus: 1, device: 4}]);
  });

  test('of several alike is the one whose place is given, and no guest gets one twice', () => {
    const alike = numbers('046d', 'c52b');
    expect(places(hostdev(`${alike}<address bus='2' device='9'/>`), hostdev(alike))).toEqual([
      {bus: 2, device: 9},
      {bus: 1, device: 5},
    ]);
    expect(() => places(hostdev(alike))).toThrow('the USB device 046d:c52b: there are 2 of them');
  });

  test('that is not there is an error, or left out where that is wished', () => {
    const gone = numbers('dead', 'beef');
    expect(() => places(hostdev(gone))).toThrow(
      "cannot give domain 'demo' the USB device dead:beef: it is not plugged in",
    );
    expect(() => places(hostdev("<address bus='7' device='7'/>"))).toThrow('on bus 7, device 7: it is not plugged in');
    const {def, leftOut} = settleUsb(definition(hostdev(gone, " startupPolicy='optional'")), plugged);
    expect([def.devices, leftOut]).toEqual([[], ['the USB device dead:beef, which is not plugged in']]);
  });

  test('that is a network card is found, too', () => {
    const nic = `<interface type='hostdev'><source>${numbers('1234', 'beef')}</source></interface>`;
    expect(settleUsb(definition(nic), plugged).def.devices).toMatchObject([
      {source: {address: {type: 'usb', bus: 1, device: 4}}},
    ]);
  });
});

describe('a PCI device of the host', () => {
  const CARD = '/sys/bus/pci/devices/0000:06:12.5';
  const GROUP = {'/sys/kernel/iommu_groups/7/devices/0000:06:12.5': ''};
  const hostdev = (attributes = '', source = '') =>
    `<hostdev mode='subsystem' type='pci'${attributes}><source${source}><address bus='0x06' slot='0x12' function='0x5'/></source></hostdev>`;
  const check = (files: TreeFiles, device = hostdev()) => checkVfio(definition(device), fakeTree(files));

  test('that VFIO has is given to the guest', () => {
    const {def, leftOut} = check({[`${CARD}/uevent`]: 'DRIVER=vfio-pci\n', ...GROUP});
    expect([def.devices.length, leftOut]).toEqual([1, []]);
  });

  test.each([
    [{}, hostdev(), 'this host has no such device'],
    [{[`${CARD}/uevent`]: 'DRIVER=e1000e\n', ...GROUP}, hostdev(), "not bound to vfio-pci: the driver 'e1000e' has it"],
    [
      {[`${CARD}/uevent`]: 'PCI_ID=1:2\n', ...GROUP},
      hostdev(" managed='yes'"),
      "no driver has it, and managed='yes' is not done yet",
    ],
    [{[`${CARD}/uevent`]: 'DRIVER=vfio-pci\n'}, hostdev(), 'no IOMMU that is switched on'],
  ])('is refused: %j %s', (files, device, why) => {
    expect(() => check(files, device)).toThrow(why);
  });

  test('that need not be there is left out', () => {
    const {def, leftOut} = check({}, hostdev('', " startupPolicy='optional'"));
    expect([def.devices, leftOut]).toEqual([[], ['the PCI device 0000:06:12.5, which is not there']]);
  });

  test('that is a mediated device has to be made before', () => {
    const uuid = '0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f';
    const mdev = `<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='${uuid}'/></source></hostdev>`;
    expect(() => check({}, mdev)).toThrow(`the mediated device ${uuid}: this host has no such device`);
    expect(check({[`/sys/bus/mdev/devices/${uuid}/uevent`]: ''}, mdev).def.devices).toHaveLength(1);
  });
});

test('a SCSI device of the host is known by the node that it has now', () => {
  const scsi = (adapter: string, unit: number) =>
    `<hostdev mode='subsystem' type='scsi'><source><adapter name='${adapter}'/><address bus='0' target='1' unit='${unit}'/></source></hostdev>`;
  const tree = fakeTree({'/sys/bus/scsi/devices/2:0:1:4/scsi_generic/sg3/dev': '21:3\n'});
  const nodes = findScsiNodes(definition(scsi('scsi_host2', 4) + scsi('scsi_host2', 5) + scsi('../x', 4)), tree);
  expect([...nodes]).toEqual([['hostdev0', '/dev/sg3']]);
});
