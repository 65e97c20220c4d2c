import {describe, expect, test} from 'vitest';
import {deviceArgs} from '../device-args.ts';

const MAC = "<mac address='52:54:00:00:00:01'/>";
const nic = (type: string, more = '') => `<interface type='${type}'>${MAC}${more}</interface>`;
const hostdev = (type: string, source: string, more = '', attributes = '') =>
  `<hostdev mode='subsystem' type='${type}'${attributes}><source${source}</source>${more}</hostdev>`;
const args = (devices: string, machine?: string) =>
  deviceArgs(devices, ['-netdev', '-device', '-chardev', '-fsdev', '-blockdev'], {}, machine).filter(
    line => !line.includes('monitor'),
  );

describe('an interface', () => {
  test.each<[string, readonly string[]]>([
    [
      nic('vhostuser', "<source type='unix' path='/s' mode='server'/><model type='virtio'/><driver queues='2'/>"),
      [
        '-chardev socket,id=charnet0,path=/s,server=on',
        '-netdev vhost-user,chardev=charnet0,queues=2,id=hostnet0',
        '-device virtio-net-pci,mq=on,vectors=6,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01',
      ],
    ],
    [
      nic(
        'vhostuser',
        "<source type='unix' path='/s' mode='client'><reconnect enabled='yes' timeout='9'/></source><model type='virtio'/>",
      ),
      [
        '-chardev socket,id=charnet0,path=/s,reconnect=9',
        '-netdev vhost-user,chardev=charnet0,id=hostnet0',
        '-device virtio-net-pci,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01',
      ],
    ],
    [
      nic('vdpa', "<source dev='/dev/vhost-vdpa-0'/><model type='virtio'/><driver queues='4'/>"),
      [
        '-netdev vhost-vdpa,vhostdev=/dev/vhost-vdpa-0,queues=4,id=hostnet0',
        '-device virtio-net-pci,mq=on,vectors=10,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01',
      ],
    ],
    [nic('null', "<model type='e1000'/>"), ['-device e1000,id=net0,mac=52:54:00:00:00:01']],
    [
      nic(
        'user',
        `<model type='virtio'/><mtu size='1400'/><rom bar='off' file='/r'/><acpi index='7'/>
         <teaming type='persistent'/><alias name='ua-nic'/>
         <driver name='qemu' rx_queue_size='512' tx_queue_size='256'><host csum='off' gso='off' tso4='off' tso6='off'
           ecn='off' ufo='off' mrg_rxbuf='off'/><guest csum='off' tso4='off' tso6='off' ecn='off' ufo='off'/></driver>`,
      ),
      [
        '-netdev user,id=hostua-nic',
        '-device virtio-net-pci,csum=off,gso=off,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off,mrg_rxbuf=off,guest_csum=off,' +
          'guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off,rx_queue_size=512,tx_queue_size=256,host_mtu=1400,failover=on,' +
          'netdev=hostua-nic,id=ua-nic,mac=52:54:00:00:00:01,rombar=0,romfile=/r,acpi-index=7',
      ],
    ],
    [
      nic('user', "<model type='e1000'/><rom enabled='no'/>"),
      ['-netdev user,id=hostnet0', '-device e1000,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01,rombar=0,romfile='],
    ],
    [
      nic('ethernet', "<script path='/up'/><target dev='t'/><tune><sndbuf>1600</sndbuf></tune><model type='e1000'/>"),
      [
        '-netdev tap,ifname=t,script=/up,downscript=no,sndbuf=1600,id=hostnet0',
        '-device e1000,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01',
      ],
    ],
    [
      nic('bridge', "<source bridge='br0'/><model type='e1000'/>"),
      ['-netdev bridge,br=br0,id=hostnet0', '-device e1000,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01'],
    ],
    [
      nic(
        'hostdev',
        "<source><address type='pci' domain='1' bus='3' slot='7' function='1'/></source><boot order='1'/>",
      ) + nic('user', "<model type='e1000'/>"),
      [
        '-device vfio-pci,host=0001:03:07.1,id=hostdev0,bootindex=1',
        '-netdev user,id=hostnet0',
        '-device e1000,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01',
      ],
    ],
    [
      nic('hostdev', "<source><address type='usb' bus='1' device='2'/></source>"),
      ['-device qemu-xhci,id=usb', '-device usb-host,hostdevice=/dev/bus/usb/001/002,id=hostdev0'],
    ],
  ])('%s', (device, expected) => {
    const found = args(device);
    // A USB device brings its controller along, whatever that is called.
    expect(found.filter(line => !line.startsWith('-device qemu-xhci'))).toEqual(
      expected.filter(line => !line.startsWith('-device qemu-xhci')),
    );
  });

  test.each([
    [nic('internal', "<source name='x'/>"), "<interface type='internal'> is not supported"],
    [nic('vhostuser', "<source type='unix' path='/s'/><model type='e1000'/>"), 'serves virtio adapters only'],
    [nic('user', "<route address='192.0.2.0' prefix='24' gateway='192.0.2.1'/>"), 'QEMU gives a guest no routes'],
    [nic('udp', "<source address='a' port='1'/><ip address='192.0.2.1'/>"), "addresses on type='user' only"],
    [nic('user', "<ip address='192.0.2.1'/><ip address='192.0.2.2'/>"), 'one ipv4 address to an interface, not 2'],
    [nic('user', "<ip address='192.0.2.1' peer='192.0.2.2'/>"), 'no addresses with a peer'],
    [nic('user', "<portForward proto='tcp'/>"), "<portForward> needs <backend type='passt'/>"],
    [nic('ethernet', "<model type='e1000'/><driver name='vhost'/>"), 'vhost serves virtio adapters only'],
  ])('%s is refused: %s', (device, why) => {
    expect(() => args(device)).toThrow(why);
  });
});

describe('a device of the host', () => {
  test.each<[string, readonly string[]]>([
    [
      hostdev('pci', "><address bus='6' slot='0x12' function='5'/>", "<rom bar='on'/><driver name='vfio'/>"),
      ['-device vfio-pci,host=0000:06:12.5,id=hostdev0,rombar=1'],
    ],
    [
      hostdev(
        'mdev',
        "><address uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/>",
        '',
        " model='vfio-pci' display='on' ramfb='on'",
      ),
      [
        '-device vfio-pci,id=hostdev0,sysfsdev=/sys/bus/mdev/devices/0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f,display=on,ramfb=on',
      ],
    ],
    [
      hostdev('scsi_host', " protocol='vhost' wwpn='naa.5123456789abcde0'>", '', " model='virtio'"),
      ['-device vhost-scsi-pci,id=hostdev0,wwpn=naa.5123456789abcde0'],
    ],
    [
      `${hostdev(
        'scsi',
        " protocol='iscsi' name='iqn.x'><host name='::1'/><initiator><iqn name='i'/></initiator>",
        "<readonly/><address type='drive' controller='0' bus='0' target='3' unit='4'/>",
      )}<controller type='scsi' model='virtio-scsi'/>`,
      [
        '-device virtio-scsi-pci,id=scsi0',
        '-blockdev {"driver":"iscsi","portal":"[::1]:3260","target":"iqn.x","lun":0,"transport":"tcp","initiator-name":"i","node-name":"hostdev0-backend","read-only":true}',
        '-device scsi-generic,bus=scsi0.0,channel=0,scsi-id=3,lun=4,drive=hostdev0-backend,id=hostdev0',
      ],
    ],
    [
      nic('user', "<model type='virtio'/><teaming type='persistent'/><alias name='ua-stays'/>") +
        hostdev('pci', "><address bus='6'/>", "<teaming type='transient' persistent='ua-stays'/>"),
      [
        '-netdev user,id=hostua-stays',
        '-device virtio-net-pci,failover=on,netdev=hostua-stays,id=ua-stays,mac=52:54:00:00:00:01',
        '-device vfio-pci,host=0000:06:00.0,id=hostdev0,failover_pair_id=ua-stays',
      ],
    ],
  ])('%s', (device, expected) => {
    expect(args(device)).toEqual(expected);
  });

  test.each([
    ['off', 'guest-reset=off,guest-resets-all=off'],
    ['uninitialized', 'guest-reset=on,guest-resets-all=off'],
    ['on', 'guest-reset=on,guest-resets-all=on'],
  ])('on USB is reset as it may be: %s', (reset, expected) => {
    const device = hostdev('usb', ` guestReset='${reset}'><address bus='14' device='6'/>`);
    expect(args(device).at(-1)).toBe(`-device usb-host,hostdevice=/dev/bus/usb/014/006,id=hostdev0,${expected}`);
  });

  test.each([
    [hostdev('pci', "><address bus='6'/>", "<driver name='kvm'/>"), "'kvm' went away"],
    [
      hostdev('pci', "><address bus='6'/>", "<teaming type='transient' persistent='ua-x'/>"),
      "no persistent one is called 'ua-x'",
    ],
    [
      hostdev('scsi', "><adapter name='scsi_host9'/><address bus='0' target='0' unit='0'/>"),
      'none there that is generic',
    ],
  ])('%s is refused: %s', (device, why) => {
    expect(() => args(device)).toThrow(why);
  });
});

describe('a filesystem', () => {
  const filesystem = (attributes: string, inside: string) =>
    `<filesystem${attributes}>${inside}<source dir='/d'/><target dir='t'/></filesystem>`;

  test.each<[string, readonly string[]]>([
    [
      filesystem(
        " accessmode='squash' multidevs='remap' fmode='0640' dmode='0750'",
        "<driver type='path' wrpolicy='immediate'/><readonly/>",
      ),
      [
        '-fsdev local,security_model=none,id=fsdev-fs0,path=/d,multidevs=remap,writeout=immediate,fmode=0640,dmode=0750,readonly=on',
        '-device virtio-9p-pci,id=fs0,fsdev=fsdev-fs0,mount_tag=t',
      ],
    ],
    [
      filesystem('', "<driver type='handle'/>"),
      ['-fsdev handle,id=fsdev-fs0,path=/d', '-device virtio-9p-pci,id=fs0,fsdev=fsdev-fs0,mount_tag=t'],
    ],
  ])('%s', (device, expected) => {
    expect(args(device)).toEqual(expected);
  });

  test.each([
    ["<filesystem type='ram'><source usage='1'/><target dir='t'/></filesystem>", 'QEMU shares directories only'],
    [
      "<filesystem type='template'><source name='x'/><target dir='t'/></filesystem>",
      "not <filesystem type='template'>",
    ],
    ["<filesystem type='block'><source dev='/b'/><target dir='t'/></filesystem>", "not <filesystem type='block'>"],
    [filesystem(" accessmode='mapped'", "<driver type='handle'/>"), "knows no accessmode='mapped'"],
    [filesystem('', "<driver type='nbd'/>"), "the driver 'nbd' is for containers"],
    [filesystem('', "<driver type='virtiofs'/>"), 'its daemon must be able to read the memory'],
    [filesystem('', "<driver type='virtiofs'/><readonly/>"), 'virtiofs cannot share read-only'],
  ])('%s is refused: %s', (device, why) => {
    expect(() => args(device)).toThrow(why);
  });
});

describe('a controller', () => {
  const controller = (type: string, index: number, model: string, inside = '', more = '') =>
    `<controller type='${type}' index='${index}' model='${model}'${more}>${inside}</controller>`;

  test('of USB 1 is a companion of one of USB 2, as its master says or as it usually is', () => {
    const uhci = (number: number, inside = '') => controller('usb', 0, `ich9-uhci${number}`, inside);
    const devices = controller('usb', 0, 'ich9-ehci1') + uhci(1, "<master startport='4'/>") + uhci(2) + uhci(3);
    expect(args(devices)).toEqual([
      '-device ich9-usb-ehci1,id=usb',
      '-device ich9-usb-uhci1,masterbus=usb.0,firstport=4',
      '-device ich9-usb-uhci2,masterbus=usb.0,firstport=2',
      '-device ich9-usb-uhci3,masterbus=usb.0,firstport=4',
    ]);
    expect(args(controller('usb', 1, 'ich9-uhci1'))).toEqual(['-device ich9-usb-uhci1,id=usb1']);
  });

  test('of virtio consoles and of SCSI has the queues and vectors that it is given', () => {
    const driver = "<driver queues='4' cmd_per_lun='8' max_sectors='512' ioeventfd='on' iommu='on' packed='off'/>";
    const serial = "<controller type='virtio-serial' index='1' ports='16' vectors='4'><driver ats='on'/></controller>";
    expect(args(controller('scsi', 0, 'virtio-scsi', driver) + serial)).toEqual([
      '-device virtio-scsi-pci,iommu_platform=on,packed=off,id=scsi0,num_queues=4,cmd_per_lun=8,max_sectors=512,ioeventfd=on',
      '-device virtio-serial-pci,id=virtio-serial1,max_ports=16,vectors=4,ats=on',
    ]);
  });

  test.each([
    ['lsilogic', 'lsi'],
    ['lsisas1068', 'mptsas1068'],
    ['lsisas1078', 'megasas'],
    ['vmpvscsi', 'pvscsi'],
    ['am53c974', 'am53c974'],
    ['dc390', 'dc390'],
    ['ibmvscsi', 'spapr-vscsi'],
    ['virtio-transitional', 'virtio-scsi-pci-transitional'],
    ['virtio-non-transitional', 'virtio-scsi-pci-non-transitional'],
  ])('of SCSI, model %s, is %s', (model, driver) => {
    expect(args(controller('scsi', 0, model))).toEqual([`-device ${driver},id=scsi0`]);
  });

  test.each([
    [controller('scsi', 0, 'buslogic'), "<controller type='scsi' model='buslogic'>: QEMU has no such model"],
    [controller('usb', 0, 'qusb1'), "<controller type='usb' model='qusb1'>: QEMU has no such model"],
    ["<controller type='xenbus'/>", "<controller type='xenbus'>: QEMU has no Xen bus"],
    ["<controller type='ide' index='1'/>", "<controller type='ide' index='1'>: a board has one"],
  ])('%s is refused: %s', (device, why) => {
    expect(() => args(device)).toThrow(why);
  });
});
