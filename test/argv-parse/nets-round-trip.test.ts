import {describe, expect, test} from 'vitest';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {expectSameLine} from './same-line.ts';

const MAC = "<mac address='52:54:00:00:00:01'/>";
const nic = (type: string, more = '') => `<interface type='${type}'>${MAC}${more}</interface>`;
const hostdev = (type: string, source: string, more = '', attributes = '') =>
  `<hostdev mode='subsystem' type='${type}'${attributes}><source${source}</source>${more}</hostdev>`;

const DEVICES: readonly string[] = [
  nic('vhostuser', "<source type='unix' path='/s' mode='server'/><model type='virtio'/><driver queues='2'/>"),
  nic(
    'vhostuser',
    "<source type='unix' path='/s' mode='client'><reconnect enabled='yes' timeout='9'/></source><model type='virtio'/>",
  ),
  nic('vdpa', "<source dev='/dev/vhost-vdpa-0'/><model type='virtio'/><driver queues='4'/>"),
  nic('null', "<model type='e1000'/>"),
  nic('null', "<model type='virtio'/>"),
  nic(
    'user',
    `<model type='virtio'/><mtu size='1400'/><rom bar='off' file='/r'/><acpi index='7'/><teaming type='persistent'/><alias name='ua-nic'/><driver rx_queue_size='512' tx_queue_size='256'><host csum='off' gso='off' tso4='off' tso6='off' ecn='off' ufo='off' mrg_rxbuf='off'/><guest csum='off' tso4='off' tso6='off' ecn='off' ufo='off'/></driver>`,
  ),
  nic('user', "<model type='e1000'/><rom enabled='no'/>"),
  nic(
    'user',
    "<ip address='172.17.2.0' family='ipv4' prefix='24'/><ip address='2001:db8::' family='ipv6' prefix='64'/><model type='e1000'/>",
  ),
  nic('ethernet', "<script path='/up'/><target dev='t'/><tune><sndbuf>1600</sndbuf></tune><model type='e1000'/>"),
  nic(
    'ethernet',
    "<target dev='t'/><model type='virtio'/><driver queues='3' name='qemu' rss='on' rss_hash_report='on' iommu='on' ats='on' packed='on' page_per_vq='on' txmode='iothread' ioeventfd='on' event_idx='off'/>",
  ),
  nic('bridge', "<source bridge='br0'/><model type='e1000'/>"),
  nic('server', "<source address='127.0.0.1' port='1'/><model type='e1000'/>"),
  nic('client', "<source address='127.0.0.1' port='1'/><model type='e1000'/>"),
  nic('mcast', "<source address='230.0.0.1' port='1'/><model type='e1000'/>"),
  nic(
    'udp',
    "<source address='127.0.0.1' port='1'><local address='127.0.0.1' port='2'/></source><model type='e1000'/>",
  ),
  nic('user', "<model type='virtio-transitional'/>"),
  nic('user', "<model type='virtio-non-transitional'/>"),
  `${nic('user', "<model type='usb-net'/><address type='usb' bus='0' port='1'/>")}<controller type='usb' index='0' model='qemu-xhci'/>`,
  nic('hostdev', "<source><address type='pci' domain='1' bus='3' slot='7' function='1'/></source><boot order='1'/>"),
  hostdev('pci', "><address bus='6' slot='0x12' function='5'/>", "<rom bar='on'/><boot order='1'/>"),
  hostdev('usb', "><address bus='14' device='6'/>"),
  hostdev('usb', " guestReset='on'><vendor id='0x1234'/><product id='0xbeef'/>"),
  hostdev(
    'mdev',
    "><address uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/>",
    '',
    " model='vfio-pci' display='on' ramfb='on'",
  ),
  hostdev('scsi_host', " protocol='vhost' wwpn='naa.5123456789abcde0'>", '', " model='virtio'"),
  hostdev('scsi_host', " protocol='vhost' wwpn='naa.5123456789abcde0'>", '', " model='virtio-transitional'"),
  `${hostdev('scsi', " protocol='iscsi' name='iqn.x/0'><host name='h' port='3260'/><initiator><iqn name='i'/></initiator>", "<readonly/><address type='drive' controller='0' bus='0' target='3' unit='4'/>")}<controller type='scsi' index='0' model='virtio-scsi'/>`,
  `${hostdev('scsi', " protocol='iscsi' name='iqn.x/0'><host name='h' port='3260'/><auth username='u'><secret type='iscsi' usage='s'/></auth>", "<address type='drive' controller='0' bus='0' target='0' unit='4'/>")}<controller type='scsi' index='0' model='lsilogic'/>`,
  nic('user', "<model type='virtio'/><teaming type='persistent'/><alias name='ua-stays'/>") +
    hostdev('pci', "><address bus='6'/>", "<teaming type='transient' persistent='ua-stays'/>"),
  "<filesystem accessmode='squash' multidevs='remap' fmode='0640' dmode='0750'><driver type='path' wrpolicy='immediate'/><source dir='/d'/><target dir='t'/><readonly/></filesystem>",
  "<filesystem accessmode='mapped' model='virtio-transitional'><driver type='path' iommu='on' ats='on'/><source dir='/d,'/><target dir='t'/></filesystem>",
  "<filesystem><driver type='handle'/><source dir='/d'/><target dir='t'/></filesystem>",
  "<controller type='usb' index='0' model='ich9-ehci1'/><controller type='usb' index='0' model='ich9-uhci1'><master startport='0'/></controller><controller type='usb' index='0' model='ich9-uhci2'><master startport='2'/></controller>",
  "<controller type='scsi' index='0' model='virtio-scsi'><driver queues='4' cmd_per_lun='8' max_sectors='512' ioeventfd='on' iommu='on' packed='off'/></controller>",
  "<controller type='virtio-serial' index='1' ports='16' vectors='4'><driver ats='on'/></controller>",
  ...[
    'lsilogic',
    'lsisas1068',
    'lsisas1078',
    'vmpvscsi',
    'am53c974',
    'dc390',
    'ibmvscsi',
    'virtio-transitional',
    'virtio-non-transitional',
  ].map(m => `<controller type='scsi' index='0' model='${m}'/>`),
  ...['piix3-uhci', 'piix4-uhci', 'ehci', 'vt82c686b-uhci', 'pci-ohci', 'nec-xhci', 'qemu-xhci'].map(
    m => `<controller type='usb' index='0' model='${m}'/>`,
  ),
  "<controller type='usb' index='0' model='nec-xhci' ports='8'/>",
  "<controller type='sata' index='0'/>",
  "<controller type='ccid' index='0'><address type='usb' bus='0' port='1'/></controller><controller type='usb' index='0' model='qemu-xhci'/>",
  "<controller type='pci' index='0' model='pci-root'/><controller type='pci' index='1' model='pci-bridge'><target chassisNr='7'/><address type='pci' domain='0' bus='0' slot='5' function='0'/></controller><controller type='pci' index='2' model='pci-expander-bus'><target busNr='128'><node>0</node></target><address type='pci' domain='0' bus='0' slot='6' function='0'/></controller>",
];

describe('a command line of ours comes back as the same line, and nothing of it is only kept', () => {
  test.each(DEVICES)('%s', devices => expectSameLine(devices));

  test('a filesystem of a daemon is known by its socket', () => {
    const words = ['-chardev', 'socket,id=c,path=/s', '-device', 'vhost-user-fs-pci,chardev=c,tag=t,queue-size=512'];
    const {def, problems} = domainFromWords(['/usr/bin/qemu-system-x86_64', ...words]);
    expect(problems).toEqual([]);
    expect(def && devicesOf(def, 'filesystem')).toMatchObject([
      {driver: {type: 'virtiofs', queue: 512}, source: {socket: '/s'}, target: 't'},
    ]);
  });

  test('what stands in for another card is kept where that has no name of its user’s', () => {
    const words = ['-device', 'vfio-pci,host=06:00.0,failover_pair_id=net0'];
    const {def, problems} = domainFromWords(['/usr/bin/qemu-system-x86_64', ...words]);
    expect(problems[0]?.message).toContain("'failover_pair_id=net0' of -device is kept as <qemu:property>");
    expect(def && devicesOf(def, 'hostdev')).toMatchObject([{alias: 'ua-hostdev'}]);
  });
});
