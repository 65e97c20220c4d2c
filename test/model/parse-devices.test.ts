import {describe, expect, test} from 'vitest';
import {domainXml, messagesOf, NEW_MAC, readDomain} from './read-domain.ts';

const kept = 'is kept in the definition, but the guest does not get it yet';

function devicesOf(devices: string, options: {readonly live?: boolean} = {}) {
  return readDomain(domainXml({devices}), options).devices;
}

function deviceMessages(devices: string): readonly string[] {
  return messagesOf(domainXml({devices}));
}

describe('a disk', () => {
  test('has the format raw and the bus of its target unless it says otherwise', () => {
    expect(devicesOf("<disk><source file='/a'/><target dev='vda'/></disk>")).toEqual([
      {
        kind: 'disk',
        device: 'disk',
        source: {type: 'file', path: '/a'},
        driver: {format: 'raw'},
        target: {dev: 'vda', bus: 'virtio'},
        readonly: false,
        shareable: false,
      },
    ]);
  });

  test.each([
    ['hda', '', 'ide'],
    ['sda', '', 'scsi'],
    ['sda', "bus='sata'", 'sata'],
    ['vdaa', '', 'virtio'],
  ])('with target %s %s is on %s', (dev, bus, expected) => {
    const [disk] = devicesOf(`<disk><source file='/a'/><target dev='${dev}' ${bus}/></disk>`);
    expect(disk).toMatchObject({target: {dev, bus: expected}});
  });

  test('is read with everything it says', () => {
    const xml = `<disk type='block' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source dev='/dev/x'/>
      <target dev='sdb' bus='scsi'/><readonly/><shareable/><serial>S 1</serial></disk>`;
    expect(devicesOf(xml)).toMatchObject([
      {
        source: {type: 'block', path: '/dev/x'},
        driver: {format: 'qcow2', cache: 'none'},
        readonly: true,
        shareable: true,
        serial: 'S 1',
      },
    ]);
  });

  test('of device cdrom is read-only and may be empty', () => {
    const [cdrom] = devicesOf("<disk device='cdrom'><source file=''/><target dev='hdc'/></disk>");
    expect(cdrom).toMatchObject({device: 'cdrom', readonly: true});
    expect(cdrom).not.toHaveProperty('source');
  });

  test.each([
    ["<disk><source file='/a'/></disk>", "error: the disk has no target: <target dev='hda'/> or the like is missing"],
    ["<disk><target dev='hda'/></disk>", "error: the disk 'hda' has no source: <source file='PATH'/> is missing"],
    [
      "<disk type='block'><target dev='hda'/></disk>",
      "error: the disk 'hda' has no source: <source dev='PATH'/> is missing",
    ],
    [
      "<disk><source file='a.img'/><target dev='hda'/></disk>",
      "error: attribute 'file' of <source> is 'a.img': it must be an absolute path: begin it with '/'",
    ],
    [
      "<disk><source file='/a&#10;b'/><target dev='hda'/></disk>",
      "error: attribute 'file' of <source> is '/a\nb': it must be an absolute path: begin it with '/'",
    ],
    [
      "<disk><source file='/a'/><target dev='hda'/><serial>a,b</serial></disk>",
      "error: <serial> is 'a,b': it must be made of nothing but letters, digits, spaces and '_', '.', '+', '-'",
    ],
    [
      "<disk><source file='/a'/><target dev='disk1'/></disk>",
      "error: 'disk1' is not the name of a target: it must be like 'hda', 'sdb' or 'vda'",
    ],
    ["<disk><source file='/a'/><target dev='xvda'/></disk>", `warning: the bus 'xen' ${kept}`],
    [
      "<disk><driver name='tap'/><source file='/a'/><target dev='hda'/></disk>",
      "error: the driver of a disk is 'tap': it must be one of 'qemu'",
    ],
    [
      "<disk><source file='/a'/><target dev='hde'/></disk>",
      "error: the target 'hde' is beyond the four drives of IDE ('hda' to 'hdd')",
    ],
    [
      "<disk><source file='/a'/><target dev='hda'/></disk><disk><source file='/b'/><target dev='hda'/></disk>",
      "error: two disks have the target 'hda': '/a' and '/b'",
    ],
    [
      "<disk><source file='/a'/><target dev='hda'/></disk><disk><source file='/b'/><target dev='sda' bus='ide'/></disk>",
      "error: the targets 'hda' and 'sda' are the same place on the ide bus",
    ],
  ])('%s is answered with a problem', (xml, message) => {
    expect(deviceMessages(xml)).toEqual([message]);
  });

  test.each([
    ["<disk type='dir'><source dir='/a'/><target dev='hda'/></disk>", 'fat'],
    ["<disk type='dir'><driver type='raw'/><source dir='/a'/><target dev='hda'/></disk>", 'raw'],
    ["<disk><driver type='aio'/><source file='/a'/><target dev='hda'/></disk>", 'raw'],
  ])('%s has the format %s', (xml, format) => {
    expect(devicesOf(xml)).toMatchObject([{driver: {format}}]);
  });

  test('stands with the others of its bus, in the order of their targets', () => {
    const disk = (dev: string) => `<disk><source file='/${dev}'/><target dev='${dev}'/></disk>`;
    const read = devicesOf(['vdb', 'hdb', 'vda', 'hda'].map(disk).join(''));
    expect(read.map(made => made.kind === 'disk' && made.target.dev)).toEqual(['vda', 'vdb', 'hda', 'hdb']);
  });

  test('with an unknown format or cache is refused with the lists', () => {
    const messages = deviceMessages(
      "<disk><driver type='floppy' cache='warm'/><source file='/a'/><target dev='hda'/></disk>",
    );
    expect(messages).toHaveLength(2);
    expect(messages[0]).toContain("'raw', 'qcow2'");
    expect(messages[1]).toContain("'writethrough', 'writeback'");
  });
});

describe('an interface', () => {
  test('of type user gets a MAC address when it has none', () => {
    expect(devicesOf("<interface type='user'><model type='e1000'/></interface>")).toEqual([
      {kind: 'interface', type: 'user', mac: NEW_MAC, model: 'e1000'},
    ]);
  });

  test.each([
    ["<interface type='ethernet'><target dev='vnet7'/></interface>", undefined],
    ["<interface type='ethernet'><target dev='macvtap0' managed='yes'/></interface>", {managed: true}],
    ["<interface type='ethernet'><target dev='vnet7' managed='no'/></interface>", {dev: 'vnet7', managed: false}],
    ["<interface type='ethernet'><target dev='mine'/></interface>", {dev: 'mine'}],
  ])('keeps a name of its own, and none that a driver gave: %s', (xml, target) => {
    expect(devicesOf(xml).map(device => ('target' in device ? device.target : undefined))).toEqual([target]);
  });

  test.each([
    ['<interface/>', "error: <interface> has no type: write <interface type='user'>"],
    [
      "<interface type='user'><mac address='1:2:3:4:5:6'/></interface>",
      "error: '1:2:3:4:5:6' is not a MAC address: it must be like '52:54:00:12:34:56'",
    ],
    [
      "<interface type='user'><mac address='01:00:5e:00:00:01'/></interface>",
      "error: expected a unicast MAC address, found the multicast one '01:00:5e:00:00:01'",
    ],
    [
      "<interface type='user'><model type='a,b'/></interface>",
      "error: attribute 'type' of <model> is 'a,b': it must be made of nothing but letters, digits, '-' and '_'",
    ],
    ["<interface type='internal'><source name='x'/></interface>", `warning: <interface type='internal'> ${kept}`],
    ["<interface type='user'><filterref filter='f'/></interface>", `warning: <filterref> ${kept}`],
  ])('%s is answered with a problem', (xml, message) => {
    expect(deviceMessages(xml)).toEqual([message]);
  });
});

describe('graphics', () => {
  test.each([
    ["<graphics type='vnc'/>", {port: -1, autoport: true, listens: [{type: 'address'}]}],
    ["<graphics type='vnc' port='-1' keymap='de'/>", {port: -1, autoport: true, keymap: 'de'}],
    ["<graphics type='vnc' port='5905'/>", {port: 5905, autoport: false}],
    ["<graphics type='vnc' port='5905' autoport='yes'/>", {port: -1, autoport: true}],
    [
      "<graphics type='vnc' listen='::1'><listen type='address' address='::1'/></graphics>",
      {listens: [{type: 'address', address: '::1'}]},
    ],
    ["<graphics type='vnc'><listen type='address'/></graphics>", {listens: [{type: 'address'}]}],
  ])('%s is read', (xml, expected) => {
    expect(deviceMessages(xml)).toEqual([]);
    expect(devicesOf(xml)).toMatchObject([{kind: 'graphics', type: 'vnc', ...expected}]);
  });

  test.each(["<graphics type='none'/>", "<video><model type='none'/></video>"])(
    '%s says that there is no screen',
    xml => {
      expect(deviceMessages(xml)).toEqual([]);
      expect(devicesOf(xml)).toEqual([{kind: 'video', model: {type: 'none'}}]);
    },
  );

  test.each([
    ['<graphics/>', "error: <graphics> has no type: write <graphics type='vnc'>"],
    [
      "<graphics type='vnc' port='80'/>",
      'error: the VNC port 80 is not in the range from 5900 to 65535 (-1: chosen at the start)',
    ],
    [
      "<graphics type='vnc' port='x'/>",
      "error: attribute 'port' of <graphics> is 'x': it must be a whole number from -1 to 65535",
    ],
    ["<graphics type='vnc'><listen type='network'/></graphics>", `warning: <listen type='network'> ${kept}`],
    [
      "<graphics type='vnc' listen='::1'><listen type='address' address='::2'/></graphics>",
      "error: the listen attribute '::1' of <graphics> must match the address '::2' of <listen>",
    ],
    [
      "<graphics type='vnc' listen='0.0.0.0,to=99'/>",
      "error: '0.0.0.0,to=99' is neither an IP address nor the name of a host",
    ],
    ["<graphics type='rdp'/>", "warning: QEMU has no screen of type 'rdp': the domain will not start with it"],
    ["<graphics type='vnc' passwd='123456789'/>", 'error: a VNC password has at most 8 characters, this one has 9'],
    [
      "<graphics type='vnc' passwd='x' connected='fail'/>",
      "error: VNC keeps those who are connected when its password changes: connected must be 'keep'",
    ],
    [
      "<graphics type='spice' passwd='x' passwdValidTo='tomorrow'/>",
      "error: attribute 'passwdValidTo' of <graphics> is 'tomorrow': it must be a moment of UTC like '2030-01-31T16:11:22'",
    ],
  ])('%s is answered with a problem', (xml, message) => {
    expect(deviceMessages(xml)).toEqual([message]);
  });
});

test.each([
  ["<audio id='1' type='none'/><audio id='1' type='alsa'/>", 'error: two audio backends have the id 1'],
  [
    "<sound model='ac97'><audio id='2'/></sound>",
    "error: there is no audio backend with the id 2: add <audio id='2' type='none'/>",
  ],
  ["<panic/><panic model='isa'/>", "error: two panic devices have the model 'isa'"],
  [
    "<shmem name='a'><model type='ivshmem-plain'/><size unit='M'>3</size></shmem>",
    'error: the size of shared memory must be a power of two, it is 3 MiB',
  ],
])('%s do not fit together', (xml, message) => {
  expect(deviceMessages(xml)).toEqual([message]);
});
