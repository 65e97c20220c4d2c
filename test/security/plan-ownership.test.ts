import {describe, expect, test} from 'vitest';
import {deviceNodes} from '../../src/driver/host-devices/device-nodes.ts';
import {hostTree} from '../../src/host/host-tree.ts';
import {hostResources} from '../../src/model/host-resource.ts';
import {type OwnershipRequest, planOwnership} from '../../src/security/plan-ownership.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const guest = {uid: 64055, gid: 108};

function plan(xml: Parameters<typeof domainXml>[0], more: Partial<OwnershipRequest> = {}) {
  const def = readDomain(domainXml(xml));
  return planOwnership({
    resources: hostResources(def),
    ...(def.seclabels ? {seclabels: def.seclabels} : {}),
    guest,
    remembersOwner: true,
    isDriversOwn: path => path.startsWith('/var/log/virtty/'),
    nodesOf: path => [{path: `/dev/of${path}`, kind: 'char'}],
    ownerOf: label => ({uid: Number(label.split(':')[0]), gid: Number(label.split(':')[1])}),
    ...more,
  });
}

const pathsOf = (...args: Parameters<typeof plan>) => plan(...args).map(({path}) => path);

const dac = (attributes: string, label = '') => `<seclabel model='dac' ${attributes}>${label}</seclabel>`;
const disk = (path: string, label = '', more = '') =>
  `<disk><source file='${path}'>${label}</source><target dev='vda'/>${more}</disk>`;

describe('which files become the guest’s', () => {
  test('kernel, initrd, device tree and variables do, the firmware itself does not', () => {
    const os = `<os><type>hvm</type><loader readonly='yes' type='pflash'>/fw</loader><nvram>/vars</nvram>
      <kernel>/k</kernel><initrd>/i</initrd><dtb>/d</dtb></os>`;
    expect(pathsOf({os})).toEqual(['/vars', '/k', '/i', '/d']);
  });

  test('a disk, its block device and the images below it do, a folder and the socket of a server do not', () => {
    const devices = `<disk><driver type='qcow2'/><source file='/top'/><backingStore type='block'><format type='raw'/>
        <source dev='/dev/vg/low'/></backingStore><target dev='vda'/></disk>
      <disk type='dir'><source dir='/folder'/><target dev='vdb'/><readonly/></disk>
      <disk type='network'><source protocol='nbd'><host transport='unix' socket='/nbd'/></source><target dev='vdc'/></disk>`;
    expect(plan({devices})).toEqual([
      {path: '/top', what: "disk 'vda'", kind: 'file', access: 'write', shared: false, owner: guest, restore: true},
      {
        path: '/dev/vg/low',
        what: "disk 'vda'",
        kind: 'block',
        access: 'read',
        shared: true,
        owner: guest,
        restore: true,
      },
    ]);
  });

  test('the configuration by which a server is reached does not, whatever its disk is given', () => {
    const devices = `${disk('/image')}<disk type='network'><source protocol='rbd' name='p/i'>
        <config file='/etc/ceph/ceph.conf'/></source><target dev='vdb'/></disk>`;
    expect(pathsOf({devices})).toEqual(['/image']);
  });

  test('devices, pipes and sockets of lines do; the log is made; the driver’s own files are left to it', () => {
    const devices = `<serial type='dev'><source path='/dev/ttyS0'/><log file='/var/log/virtty/a'/></serial>
      <serial type='file'><source path='/out'/></serial>
      <serial type='unix'><source mode='connect' path='/theirs'/></serial>
      <serial type='unix'><source mode='bind' path='/own'/></serial>
      <parallel type='pipe'><source path='/pipe'/></parallel>`;
    const found = plan({devices});
    expect(found.map(({path, kind}) => `${kind} ${path}`)).toEqual([
      'char /dev/ttyS0',
      'file /out',
      'socket /theirs',
      'pipe /pipe',
      'pipe /pipe.in',
      'pipe /pipe.out',
    ]);
    expect(found.filter(({create}) => create).map(({path}) => path)).toEqual(['/out']);
  });

  test('devices of the host do, by their nodes', () => {
    const devices = `<hostdev type='usb'><source><address bus='1' device='2'/></source></hostdev>
      <hostdev type='pci'><source><address domain='0' bus='6' slot='18' function='5'/></source></hostdev>
      <input type='evdev'><source dev='/dev/input/event3'/></input>
      <tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>`;
    expect(pathsOf({devices})).toEqual([
      '/dev/input/event3',
      '/dev/tpm0',
      '/dev/bus/usb/001/002',
      '/dev/of/sys/bus/pci/devices/0000:06:12.5',
    ]);
  });

  test('what every process of the host uses never does', () => {
    const devices = `<serial type='dev'><source path='/dev/null'/></serial><disk type='block'><source dev='/dev/zero'/><target dev='vda'/></disk>
      <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng><vsock model='virtio'/>
      <interface type='ethernet'><mac address='52:54:00:00:00:01'/><driver name='vhost'/></interface>
      <filesystem><source dir='/srv'/><target dir='tag'/></filesystem>`;
    expect(pathsOf({devices})).toEqual([]);
  });
});

describe('labels of the model dac', () => {
  test('a source that is not to be relabelled is left alone, another names its owner', () => {
    const devices = [disk('/a', dac("relabel='no'")), disk('/b', dac("relabel='yes'", '<label>1:2</label>'))].join('');
    expect(plan({devices: devices.replace('vda', 'vdb')}).map(({path, owner}) => [path, owner])).toEqual([
      ['/b', {uid: 1, gid: 2}],
    ]);
  });

  test.each([
    ["type='none'", '', []],
    ["type='static' relabel='no'", '<label>5:6</label>', []],
    ["type='static' relabel='yes'", '<label>5:6</label>', ['/a']],
    ["type='dynamic' relabel='yes'", '', ['/a']],
  ])('of a domain with %s', (attributes, label, paths) => {
    expect(pathsOf({devices: disk('/a'), more: dac(attributes, label)})).toEqual(paths);
  });
});

test('an owner that is not remembered becomes root again', () => {
  const [grant] = plan({devices: disk('/a')}, {remembersOwner: false});
  expect(grant?.restoreOwner).toEqual({uid: 0, gid: 0});
});

test('the nodes of a PCI device are its group and the files that rule it, of a SCSI device its generic node', async () => {
  const names: Record<string, readonly string[]> = {
    '/sys/bus/pci/devices/0000:06:12.5': [
      'config',
      'driver',
      'reset',
      'resource',
      'resource0',
      'resource0_wc',
      'rom',
      'uevent',
    ],
    '/sys/kernel/iommu_groups': ['7'],
    '/sys/kernel/iommu_groups/7/devices': ['0000:06:12.5'],
    '/sys/bus/scsi/devices/0:0:0:0/scsi_generic': ['sg2'],
  };
  const tree = {...hostTree('/nowhere'), names: (path: string) => names[path] ?? []};
  const pci = '/sys/bus/pci/devices/0000:06:12.5';
  expect(deviceNodes(pci, tree).map(({path, kind}) => `${kind} ${path}`)).toEqual([
    'char /dev/vfio/7',
    ...['config', 'reset', 'resource', 'resource0', 'resource0_wc', 'rom'].map(file => `file ${pci}/${file}`),
  ]);
  expect(deviceNodes('/sys/bus/scsi/devices/0:0:0:0', tree)).toEqual([{path: '/dev/sg2', kind: 'char'}]);
  expect(deviceNodes('/sys/bus/pci/devices/../x', tree)).toEqual([]);
});
