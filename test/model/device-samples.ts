import fc from 'fast-check';
import type {DeviceKind} from '../../src/model/devices/device-def.ts';

/** XML from which a device of a kind is put together: a start tag, and parts of which any may be there. */
interface Sample {
  /** One of them begins the element, without the closing `>`. */
  readonly starts: readonly string[];
  /** What has to be in it. */
  readonly always?: string;
  readonly parts: readonly string[];
}

const PCI = "<address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>";
const ALIAS = "<alias name='ua-mine'/>";
const VIRTIO = "<driver iommu='on' ats='off' packed='on'/>";
const COMMON = [ALIAS, PCI, "<rom bar='off' file='/rom'/>", "<acpi index='3'/>"];
const HOST = "<host transport='unix' socket='/s'/>";
const UNIX = "<source mode='connect' path='/s,1'><reconnect enabled='yes' timeout='5'/></source>";

/** Every kind of device with everything that the schema lets it have. */
export const DEVICE_SAMPLES = {
  disk: {
    starts: ["<disk type='file' device='disk'", "<disk type='file' device='lun' rawio='yes'", "<disk device='cdrom'"],
    always: "<source file='/a,b' startupPolicy='optional'/><target dev='sda' bus='scsi' rotation_rate='7200'/>",
    parts: [
      "<driver name='qemu' type='qcow2' cache='none' io='native' discard='unmap' iothread='1' queues='4'/>",
      "<backingStore type='network'><format type='qcow2'/><source protocol='rbd' name='p/i'><host name='m'/><snapshot name='s'/></source><backingStore/></backingStore>",
      "<geometry cyls='1' heads='2' secs='3' trans='lba'/>",
      "<blockio logical_block_size='512' physical_block_size='4096'/>",
      '<iotune><total_bytes_sec>5</total_bytes_sec><group_name>g &amp; h</group_name></iotune>',
      "<transient shareBacking='yes'/>",
      '<readonly/>',
      '<shareable/>',
      '<serial>S 1</serial>',
      '<wwn>5000c50015ea71ac</wwn>',
      '<vendor>V</vendor>',
      "<encryption format='luks'><secret type='passphrase' uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/></encryption>",
      "<boot order='2'/>",
      ALIAS,
    ],
  },
  controller: {
    starts: [
      "<controller type='usb' index='0' model='qemu-xhci' ports='15'",
      "<controller type='virtio-serial' index='1' ports='4' vectors='2'",
      "<controller type='scsi' index='0' model='virtio-scsi'",
      "<controller type='xenbus' index='0' maxGrantFrames='64' maxEventChannels='2047'",
    ],
    parts: ["<driver queues='8' cmd_per_lun='50' iothread='1'/>", ALIAS, PCI],
  },
  lease: {
    starts: ['<lease'],
    always: "<lockspace>l</lockspace><key>k</key><target path='/t' offset='1024'/>",
    parts: [],
  },
  filesystem: {
    starts: ["<filesystem type='mount' accessmode='mapped' fmode='644'", '<filesystem'],
    always: "<source dir='/s'/><target dir='t'/>",
    parts: ["<driver type='path' wrpolicy='immediate'/>", '<readonly/>', ...COMMON],
  },
  interface: {
    starts: ["<interface type='user'", "<interface type='ethernet' trustGuestRxFilters='yes'"],
    always: "<mac address='52:54:00:00:00:01'/>",
    parts: [
      "<ip address='172.17.2.0' family='ipv4' prefix='24'/>",
      "<script path='/x'/>",
      "<target dev='nic1' managed='no'/>",
      "<model type='virtio'/>",
      "<driver name='vhost' queues='5'><host csum='off'/><guest tso4='on'/></driver>",
      "<backend tap='/dev/net/tun' vhost='/dev/vhost-net'/>",
      "<filterref filter='f'><parameter name='n' value='v'/></filterref>",
      '<tune><sndbuf>1600</sndbuf></tune>',
      "<link state='down'/>",
      "<mtu size='9000'/>",
      "<bandwidth><inbound average='1' peak='2' burst='3'/></bandwidth>",
      ...COMMON,
    ],
  },
  smartcard: {
    starts: ["<smartcard mode='host'"],
    parts: ["<address type='ccid' controller='0' slot='0'/>"],
  },
  serial: {
    starts: ["<serial type='pty'", "<serial type='null'"],
    parts: [
      "<log file='/l' append='on'/>",
      "<target type='usb-serial' port='1'><model name='usb-serial'/></target>",
      ALIAS,
    ],
  },
  parallel: {starts: ["<parallel type='null'"], parts: ["<target port='0'/>", ALIAS]},
  console: {
    starts: ["<console type='pty'"],
    always: "<target type='virtio' port='0'/>",
    parts: ["<log file='/l'/>", ALIAS],
  },
  channel: {
    starts: ["<channel type='unix'"],
    always: "<target type='virtio' name='org.example.0'/>",
    parts: [UNIX, "<address type='virtio-serial' controller='0' bus='0' port='3'/>", ALIAS],
  },
  input: {
    starts: ["<input type='passthrough' bus='virtio' model='virtio-transitional'"],
    always: "<source evdev='/dev/input/1'/>",
    parts: [VIRTIO, ALIAS, PCI],
  },
  tpm: {
    starts: ["<tpm model='tpm-crb'"],
    always:
      "<backend type='emulator' version='2.0'><encryption secret='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/></backend>",
    parts: [ALIAS],
  },
  graphics: {
    starts: [
      "<graphics type='spice' port='5901' tlsPort='5902' autoport='no'",
      "<graphics type='spice' autoport='yes' passwd='p&apos;w'",
    ],
    parts: [
      "<listen type='address' address='::1'/>",
      "<channel name='main' mode='secure'/>",
      "<image compression='auto_glz'/>",
      "<streaming mode='filter'/>",
      "<clipboard copypaste='no'/>",
      "<gl enable='yes' rendernode='/dev/dri/r,1'/>",
    ],
  },
  sound: {starts: ["<sound model='ich9'"], parts: ["<codec type='duplex'/>", "<audio id='1'/>", ALIAS, PCI]},
  audio: {
    starts: ["<audio id='2' type='pulseaudio' serverName='s'", "<audio id='2' type='alsa'"],
    parts: [
      "<input mixingEngine='yes' bufferLength='100'><settings frequency='44100' channels='2' format='s16'/></input>",
    ],
  },
  video: {
    starts: ['<video'],
    always:
      "<model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'><acceleration accel3d='yes'/><resolution x='800' y='600'/></model>",
    parts: ["<driver vgaconf='on'/>", ALIAS, PCI],
  },
  hostdev: {
    starts: ["<hostdev mode='subsystem' type='pci' managed='yes'"],
    always: "<source><address domain='0x0000' bus='0x06' slot='0x12' function='0x5'/></source>",
    parts: ["<driver name='vfio'/>", "<boot order='1'/>", ...COMMON],
  },
  redirdev: {
    starts: ["<redirdev bus='usb' type='spicevmc'"],
    parts: ["<boot order='4'/>", ALIAS, "<address type='usb' bus='0' port='4.1'/>"],
  },
  redirfilter: {
    starts: ['<redirfilter'],
    parts: ["<usbdev class='0x08' vendor='0x15e1' product='0x2007' version='1.10' allow='yes'/>"],
  },
  hub: {starts: ["<hub type='usb'"], parts: ["<address type='usb' bus='0' port='1'/>", ALIAS]},
  watchdog: {starts: ["<watchdog model='i6300esb' action='pause'"], parts: [ALIAS, PCI]},
  memballoon: {
    starts: ["<memballoon model='virtio' autodeflate='on' freePageReporting='off'", "<memballoon model='none'"],
    parts: ["<stats period='10'/>", ALIAS, PCI, VIRTIO],
  },
  rng: {
    starts: ["<rng model='virtio'"],
    always: "<backend model='random'>/dev/random</backend>",
    parts: ["<rate bytes='1' period='2'/>", VIRTIO, ALIAS, PCI],
  },
  nvram: {starts: ['<nvram'], always: "<address type='spapr-vio' reg='0x00004000'/>", parts: []},
  panic: {starts: ["<panic model='isa'"], parts: ["<address type='isa' iobase='0x505'/>", ALIAS]},
  shmem: {
    starts: ["<shmem name='s h' role='peer'"],
    always: "<model type='ivshmem-doorbell'/><server path='/s'/>",
    parts: ["<msi vectors='32' ioeventfd='on'/>", ALIAS, PCI],
  },
  memory: {
    starts: ["<memory model='dimm' access='private'"],
    always: "<target><size unit='KiB'>524288</size><node>1</node></target>",
    parts: [
      "<source><nodemask>1-3</nodemask><pagesize unit='KiB'>2048</pagesize></source>",
      "<address type='dimm' slot='0' base='0x100000000'/>",
      ALIAS,
    ],
  },
  crypto: {
    starts: ["<crypto model='virtio' type='qemu'"],
    always: "<backend model='builtin' queues='2'/>",
    parts: [ALIAS, PCI],
  },
  iommu: {starts: ["<iommu model='intel'"], parts: ["<driver intremap='on' caching_mode='on' aw_bits='48'/>"]},
  vsock: {starts: ["<vsock model='virtio'"], parts: ["<cid auto='no' address='4'/>", ALIAS, PCI]},
} as const satisfies Record<DeviceKind, Sample>;

/** The decoder: the keys of the table are the kinds. */
export const KINDS = Object.keys(DEVICE_SAMPLES) as DeviceKind[];

/** Sources of disks and interfaces that go with another type; each is a whole device. */
export const MORE_DEVICES: readonly string[] = [
  `<disk type='network'><source protocol='nbd' name='x' tls='yes'>${HOST}</source><target dev='vda'/></disk>`,
  "<disk type='network'><source protocol='https' name='/f' query='a=b'><host name='h' port='443'/><ssl verify='no'/><cookies><cookie name='c'>v</cookie></cookies></source><target dev='vdb'/></disk>",
  "<disk type='network'><source protocol='iscsi' name='iqn.x/1'><host name='h'/><initiator><iqn name='i'/></initiator><auth username='u'><secret type='iscsi' usage='s'/></auth></source><target dev='vdc'/></disk>",
  "<disk type='nvme'><source type='pci' managed='yes' namespace='1'><address domain='0x0001' bus='0x02' slot='0x00' function='0x0'/></source><target dev='vdd'/></disk>",
  "<disk type='volume'><source pool='p' volume='v' mode='host'/><target dev='vde'/></disk>",
  "<disk type='dir' device='floppy'><driver type='fat'/><source dir='/d'/><target dev='fda'/></disk>",
  "<disk type='vhostuser'><source type='unix' path='/s'><reconnect enabled='yes' timeout='1'/></source><target dev='vdf'/></disk>",
  "<interface type='user'><backend type='passt' logFile='/l'/><portForward proto='tcp' address='192.0.2.1' dev='e'><range start='22' end='23' to='2222'/><range start='30' exclude='yes'/></portForward></interface>",
  "<interface type='network'><source network='default' portgroup='p'/></interface>",
  "<interface type='bridge'><source bridge='br0'/><vlan trunk='yes'><tag id='1' nativeMode='untagged'/><tag id='2'/></vlan></interface>",
  "<interface type='direct'><source dev='eth0' mode='vepa'/><virtualport type='802.1Qbh'><parameters profileid='t'/></virtualport></interface>",
  "<interface type='vhostuser'><source type='unix' path='/s' mode='client'><reconnect enabled='yes' timeout='5'/></source></interface>",
  "<interface type='vhostuser'><source type='unix' path='/s' mode='server'/><teaming type='persistent'/></interface>",
  "<interface type='ethernet'><source><ip address='192.0.2.1' family='ipv4' prefix='24'/><route family='ipv4' address='198.51.100.0' prefix='24' gateway='192.0.2.1'/></source></interface>",
  "<interface type='bridge'><source bridge='br0'/><port isolated='yes'/><bandwidth classID='3'><inbound average='1' floor='2'/></bandwidth></interface>",
  "<interface type='null'><model type='virtio'/></interface>",
  "<interface type='vds'><source switchid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f' portid='1' portgroupid='dvportgroup-1' connectionid='2'/></interface>",
  "<interface type='hostdev'><source><vendor id='0x1234'/><product id='0xbeef'/></source></interface>",
  "<interface type='hostdev'><source><address type='usb' bus='1' device='2'/></source><driver name='vfio'/></interface>",
  "<interface type='udp'><source address='127.0.0.1' port='5555'><local address='127.0.0.1' port='5556'/></source></interface>",
  "<interface type='hostdev' managed='yes'><source><address type='pci' domain='0x0000' bus='0x03' slot='0x07' function='0x1'/></source></interface>",
  "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>",
  "<serial type='tcp'><source mode='bind' host='::' service='9999' tls='no'/><protocol type='telnet'/></serial>",
  "<serial type='udp'><source mode='bind' host='a' service='1'/><source mode='connect' host='b' service='2'/></serial>",
  "<serial type='dev'><source path='/dev/ttyS2,foo'/></serial>",
  "<channel type='qemu-vdagent'><source><clipboard copypaste='no'/><mouse mode='server'/></source><target type='virtio' name='n'/></channel>",
  "<channel type='pipe'><source path='/p'/><target type='guestfwd' address='10.0.2.1' port='4600'/></channel>",
  "<channel type='spiceport'><source channel='c'/><target type='virtio' name='n'/></channel>",
  "<smartcard mode='host-certificates'><certificate>a</certificate><certificate>b</certificate><certificate>c</certificate><database>/d</database></smartcard>",
  "<smartcard mode='passthrough' type='spicevmc'/>",
  "<rng model='virtio'><backend model='egd' type='unix'><source mode='bind' path='/r'/><protocol type='raw'/></backend></rng>",
  "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
  "<tpm model='tpm-crb'><backend type='external'><source type='unix' mode='connect' path='/s'/></backend></tpm>",
  "<hostdev mode='subsystem' type='usb'><source startupPolicy='optional'><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>",
  "<hostdev mode='subsystem' type='usb'><source guestReset='on'><address bus='1' device='2'/></source></hostdev>",
  "<hostdev mode='subsystem' type='pci'><source startupPolicy='optional' writeFiltering='no'><address domain='0x0000' bus='0x03' slot='0x07' function='0x1'/></source><teaming type='transient' persistent='ua-backup0'/></hostdev>",
  "<hostdev mode='subsystem' type='scsi'><source protocol='iscsi' name='iqn.x/1'><host name='h' port='3260'/><auth username='u'><secret type='iscsi' usage='s'/></auth><initiator><iqn name='i'/></initiator></source></hostdev>",
  "<hostdev mode='subsystem' type='scsi' sgio='unfiltered'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source><readonly/></hostdev>",
  "<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'><source><address uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/></source></hostdev>",
  "<hostdev mode='subsystem' type='scsi_host' model='virtio'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>",
  "<graphics type='sdl' display=':0' xauth='/x' fullscreen='yes'/>",
  "<graphics type='egl-headless'><gl rendernode='/dev/dri/r'/></graphics>",
  "<graphics type='vnc' port='5901' autoport='no'><listen type='socket' socket='/s'/></graphics>",
  "<graphics type='vnc'><listen type='network' network='default'/></graphics>",
];

/** The XML of a device: one of the starts of its kind, and parts. */
export function sampleXml(kind: DeviceKind, start: string, parts: readonly string[]): string {
  const {always = ''}: Sample = DEVICE_SAMPLES[kind];
  return `${start}>${always}${parts.join('')}</${start.split(/[ >]/)[0]?.slice(1)}>`;
}

/** The XML of a device of a kind with any of its parts. */
export function arbitraryDeviceXml(kind: DeviceKind): fc.Arbitrary<string> {
  const {starts, parts}: Sample = DEVICE_SAMPLES[kind];
  return fc
    .tuple(fc.constantFrom(...starts), fc.subarray([...parts]))
    .map(([start, chosen]) => sampleXml(kind, start, chosen));
}
