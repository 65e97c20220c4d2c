import {expect, test} from 'vitest';
import {hostResources} from '../../src/model/host-resource.ts';
import {domainXml, readDomain} from './read-domain.ts';

function summary(parts: {readonly os?: string; readonly devices?: string}) {
  return hostResources(readDomain(domainXml(parts))).map(
    ({role, path, type, access, shared, created}) =>
      `${role} ${path} ${type} ${access}${shared ? ' shared' : ''}${created ? ' created' : ''}`,
  );
}

test('firmware, kernel and initrd are read and shared; a writable flash is the domain’s own', () => {
  const files = '<kernel>/k</kernel><initrd>/i</initrd>';
  expect(summary({os: `<os><type>hvm</type><loader>/bios</loader>${files}</os>`})).toEqual([
    'loader /bios file read shared',
    'kernel /k file read shared',
    'initrd /i file read shared',
  ]);
  expect(summary({os: "<os><type>hvm</type><loader type='pflash'>/fw</loader></os>"})).toEqual([
    'loader /fw file write',
  ]);
});

test('a disk is written, a read-only one is read and shared, a shareable one is written and shared', () => {
  const disk = (dev: string, more: string) =>
    `<disk type='block'><source dev='/${dev}'/><target dev='${dev}'/>${more}</disk>`;
  const empty = "<disk device='cdrom'><target dev='hdc'/></disk>";
  expect(
    summary({devices: disk('vda', '') + disk('vdb', '<readonly/>') + disk('vdc', '<shareable/>') + empty}),
  ).toEqual(['disk /vda block write', 'disk /vdb block read shared', 'disk /vdc block write shared']);
});

test('a disk touches the images below it, the socket of its server, its helper, or the device that it is', () => {
  const devices = [
    `<disk><source file='/top'/><backingStore type='block'><format type='raw'/><source dev='/below'/>
      <backingStore/></backingStore><target dev='vda'/></disk>`,
    "<disk type='network'><source protocol='nbd'><host transport='unix' socket='/nbd'/></source><target dev='vdb'/></disk>",
    "<disk type='network'><source protocol='rbd' name='p/i'><config file='/conf'/></source><target dev='vdc'/></disk>",
    `<disk type='block' device='lun'><source dev='/lun'><reservations managed='no'><source type='unix' path='/pr' mode='client'/>
      </reservations></source><target dev='sda'/></disk>`,
    "<disk type='dir'><source dir='/dir'/><target dev='vdd'/><readonly/></disk>",
    `<disk type='nvme'><source type='pci' managed='no' namespace='1'><address domain='0x0001' bus='0x02' slot='0x03' function='0x4'/>
      </source><target dev='vde'/></disk>`,
    "<disk type='vhostuser'><source type='unix' path='/vhost'/><target dev='vdf'/></disk>",
    "<disk type='vhostvdpa'><source dev='/dev/vhost-vdpa-0'/><target dev='vdg'/></disk>",
    "<disk><source file='/shared'/><target dev='vdh'/><transient shareBacking='yes'/></disk>",
  ].join('');
  expect(summary({devices})).toEqual([
    'disk /top file write',
    'disk /below block read shared',
    'disk /nbd socket write shared',
    'disk-config /conf file read shared',
    'disk /dir dir read shared',
    'disk /sys/bus/pci/devices/0001:02:03.4 sysfs write',
    'disk /vhost socket write shared',
    'disk /dev/vhost-vdpa-0 char write',
    'disk /shared file read shared',
    'disk /lun block write',
    'disk /pr socket write shared',
  ]);
});

test('files and logs of serial lines are made by the emulator, and counted once for line and console', () => {
  const serial = "<serial type='file'><source path='/s'/><log file='/l'/></serial><serial type='pty'/>";
  const console = "<console type='file'><source path='/s'/><log file='/l'/></console>";
  const virtio = "<console type='file'><source path='/v'/><target type='virtio'/></console>";
  expect(summary({devices: serial + console + virtio})).toEqual([
    'chardev /s file write created',
    'log /l file write created',
    'chardev /v file write created',
  ]);
});

test('each says which device wants it', () => {
  const devices = "<disk><source file='/a'/><target dev='vda'/></disk><serial type='file'><source path='/s'/></serial>";
  expect(hostResources(readDomain(domainXml({devices}))).map(resource => resource.device)).toEqual([
    'vda',
    'serial port 0',
  ]);
});

test('an interface touches the nodes of its type, a socket of a switch, its ROM', () => {
  const devices = [
    "<interface type='bridge'><source bridge='br0'/><model type='virtio'/><driver name='vhost'/></interface>",
    "<interface type='vhostuser'><source type='unix' path='/s' mode='server'/></interface>",
    "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>",
    "<interface type='user'><rom file='/rom'/></interface>",
    "<interface type='hostdev'><source><address type='pci' bus='0x03' slot='0x07'/></source></interface>",
  ].join('');
  expect(summary({devices})).toEqual([
    'network /dev/net/tun char write shared',
    'network /dev/vhost-net char write shared',
    'network /s socket write created',
    'network /dev/vhost-vdpa-0 char write',
    'rom /rom file read shared',
    'hostdev /sys/bus/pci/devices/0000:03:07.0 sysfs write',
  ]);
});

test('devices of the host are known by their nodes, or by their places in sysfs', () => {
  const hostdev = (type: string, more: string, source: string) =>
    `<hostdev mode='subsystem' type='${type}'${more}><source${source}</source></hostdev>`;
  const devices = [
    hostdev('pci', '', "><address bus='0x06' slot='0x12' function='0x5'/>"),
    hostdev('usb', '', "><address bus='14' device='6'/>"),
    hostdev('usb', '', "><vendor id='0x1234'/><product id='0xbeef'/>"),
    hostdev('scsi', '', "><adapter name='scsi_host2'/><address bus='0' target='1' unit='4'/>"),
    hostdev('scsi_host', '', " protocol='vhost' wwpn='naa.5123456789abcde0'>"),
    hostdev('mdev', " model='vfio-pci'", "><address uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/>"),
  ].join('');
  expect(summary({devices})).toEqual([
    'hostdev /sys/bus/pci/devices/0000:06:12.5 sysfs write',
    'hostdev /dev/bus/usb/014/006 char write',
    'hostdev /sys/bus/scsi/devices/2:0:1:4 sysfs write',
    'hostdev /dev/vhost-scsi char write shared',
    'hostdev /sys/bus/mdev/devices/0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f sysfs write',
  ]);
});

test('a shared directory is read or written, a filesystem of a daemon is its socket, a lease is a file', () => {
  const devices = [
    "<filesystem><source dir='/d'/><target dir='t'/></filesystem>",
    "<filesystem><source dir='/d'/><target dir='t'/><readonly/></filesystem>",
    "<filesystem><driver type='virtiofs'/><source socket='/s'/><target dir='t'/></filesystem>",
    "<lease><lockspace>l</lockspace><key>k</key><target path='/l'/></lease>",
  ].join('');
  expect(summary({devices})).toEqual([
    'lease /l file write shared',
    'filesystem /d dir write shared',
    'filesystem /d dir read shared',
    'filesystem /s socket write',
  ]);
});

test('what a <source> says of its owner goes with its file, and with the images below that say nothing of their own', () => {
  const label = (text: string) => `<seclabel model='dac' relabel='yes'><label>${text}</label></seclabel>`;
  const devices = [
    `<disk><driver type='qcow2'/><source file='/top'>${label('u:g')}</source><backingStore type='file'><format type='qcow2'/>
      <source file='/middle'/><backingStore type='file'><format type='raw'/><source file='/low'>${label('+1:+2')}</source>
      </backingStore></backingStore><target dev='vda'/></disk>`,
    "<serial type='dev'><source path='/dev/ttyS1'><seclabel model='dac' relabel='no'/></source></serial>",
  ].join('');
  const labels = hostResources(readDomain(domainXml({devices}))).map(({path, seclabels}) => [
    path,
    seclabels?.[0]?.label ?? seclabels?.[0]?.relabel,
  ]);
  expect(labels).toEqual([
    ['/top', 'u:g'],
    ['/middle', 'u:g'],
    ['/low', '+1:+2'],
    ['/dev/ttyS1', false],
  ]);
});
