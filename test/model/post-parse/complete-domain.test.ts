import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type DomainDef, devicesOf} from '../../../src/model/domain-def.ts';
import {formatDomain} from '../../../src/model/format-domain.ts';
import {type CompletionFacts, completeDomain} from '../../../src/model/post-parse/complete-domain.ts';
import {arbitraryDomain} from '../arbitrary-domain.ts';
import {domainXml, readDomain} from '../read-domain.ts';

const MADE_UUID = '99999999-2222-4333-8444-555555555555';

/** An emulator of today, as far as it decides over devices. */
const MODERN: CompletionFacts = {
  devices: new Set([
    'piix3-usb-uhci',
    'qemu-xhci',
    'VGA',
    'cirrus-vga',
    'lsi53c895a',
    'rtl8139',
    'pcie-root-port',
    'pcie-pci-bridge',
    'virtio-blk-pci-non-transitional',
  ]),
  emulator: '/usr/bin/qemu',
  defaultCpu: () => 'qemu64',
  isCpuUsable: () => true,
  hasMigratableHostCpu: true,
  newUuid: () => MADE_UUID,
};

/** One that knows nothing of all that. */
const BARE: CompletionFacts = {
  devices: new Set(),
  defaultCpu: () => undefined,
  isCpuUsable: () => false,
  hasMigratableHostCpu: false,
  newUuid: () => MADE_UUID,
};

function complete(machine: string, devices: string, facts = MODERN): DomainDef {
  const os = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
  return completeDomain(readDomain(domainXml({os, devices})), facts);
}

/** `kind[:type] model @bus:slot.function` of every device that has a place on PCI, in the order of the XML. */
function places(def: DomainDef): readonly string[] {
  return formatDomain(def)
    .split(/<(?=disk|controller|interface|video|memballoon|sound|rng)/)
    .flatMap(part => {
      const address = /bus='0x(\w+)' slot='0x(\w+)' function='0x(\w+)'( multifunction)?/.exec(part);
      const name = /^(\w+)(?: type='([\w-]+)')?(?: device='disk')?(?: index='(\d+)')?/.exec(part);
      if (!address || !name) return [];
      return `${name[1]}${name[2] ? `:${name[2]}` : ''}${name[3] ?? ''} ${address[1]}:${address[2]}.${address[3]}${address[4] ? '+' : ''}`;
    });
}

describe('a bare PC', () => {
  test('gets what every PC has', () => {
    const def = complete('pc', '');
    expect(def).toMatchObject({
      emulator: '/usr/bin/qemu',
      cpu: {mode: 'custom', check: 'none', model: {name: 'qemu64'}},
    });
    expect(def.devices.map(({kind}) => kind)).toEqual(expect.arrayContaining(['input', 'audio', 'memballoon']));
    expect(places(def)).toEqual(['controller:usb0 00:01.2', 'memballoon 00:02.0']);
  });

  test('of the PCIe kind gets a port for every device, and one to spare', () => {
    expect(places(complete('q35', ''))).toEqual([
      'controller:usb0 01:00.0',
      'controller:sata0 00:1f.2',
      'controller:pci1 00:01.0+',
      'controller:pci2 00:01.1',
      'controller:pci3 00:01.2',
      'memballoon 02:00.0',
    ]);
  });

  test('of an emulator that knows little is not given what it does not have', () => {
    const def = complete('q35', '', BARE);
    expect(def.cpu).toBeUndefined();
    expect(devicesOf(def, 'controller').map(({type}) => type)).not.toContain('usb');
    // Without the modern virtio the balloon is a conventional device, behind two bridges.
    expect(places(def)).toContain('memballoon 02:01.0');
  });

  test('of an ISA machine has no PCI', () => {
    expect(places(complete('isapc', ''))).toEqual([]);
  });
});

describe('devices', () => {
  test('get the controllers and places of their buses', () => {
    const def = complete(
      'pc',
      `<disk><source file='/a'/><target dev='hda'/></disk><disk><source file='/b'/><target dev='sdh'/></disk>
       <disk><source file='/c'/><target dev='vda'/></disk><channel type='unix'><target type='virtio' name='n'/></channel>
       <interface type='user'/><graphics type='vnc'/>`,
    );
    expect(devicesOf(def, 'controller').map(({type, model}) => `${type} ${model ?? ''}`.trim())).toEqual([
      'usb piix3-uhci',
      'pci pci-root',
      'scsi lsilogic',
      'ide',
      'virtio-serial',
    ]);
    expect(devicesOf(def, 'disk')[1]?.address).toMatchObject({type: 'drive', controller: 0, unit: 8});
    expect(devicesOf(def, 'channel')[0]?.address).toEqual({type: 'virtio-serial', controller: 0, bus: 0, port: 1});
    expect(devicesOf(def, 'interface')[0]?.model).toBe('rtl8139');
    expect(devicesOf(def, 'video')[0]?.model).toEqual({type: 'cirrus', vramKiB: 16384, heads: 1, primary: true});
    expect(places(def)).toEqual([
      'disk:file 00:06.0',
      'controller:usb0 00:01.2',
      'controller:scsi0 00:04.0',
      'controller:ide0 00:01.1',
      'controller:virtio-serial0 00:05.0',
      'interface:user 00:03.0',
      'video 00:02.0',
      'memballoon 00:07.0',
    ]);
  });

  test('keep the places that the definition names, and others go around them', () => {
    const at = (slot: string) => `<address type='pci' domain='0x0000' bus='0x00' slot='${slot}' function='0x0'/>`;
    const def = complete(
      'pc',
      `<interface type='user'>${at('0x02')}</interface><interface type='user'/><graphics type='vnc'/>`,
    );
    expect(places(def)).toEqual([
      'controller:usb0 00:01.2',
      'interface:user 00:02.0',
      'interface:user 00:04.0',
      'video 00:03.0',
      'memballoon 00:05.0',
    ]);
  });

  test('beyond the slots of a PC go behind a bridge', () => {
    const def = complete('pc', '<sound model="ac97"/>'.repeat(31));
    expect(devicesOf(def, 'controller').map(({model}) => model)).toContain('pci-bridge');
    expect(places(def)).toContain('sound 01:02.0');
  });

  test('with a place on a bus that is not there bring it', () => {
    const def = complete('pc', "<sound model='ac97'><address type='pci' bus='0x02' slot='0x03'/></sound>");
    const bridges = devicesOf(def, 'controller').filter(({model}) => model === 'pci-bridge');
    expect(bridges.map(({index, target}) => [index, target?.chassisNr])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('of the old virtio kind go behind a conventional bridge of their own', () => {
    const def = complete('q35', "<controller type='usb' model='none'/><memballoon model='virtio-transitional'/>");
    expect(places(def)).toEqual([
      'controller:sata0 00:1f.2',
      'controller:pci1 00:01.0+',
      'controller:pci2 01:00.0',
      'controller:pci3 00:01.1',
      'memballoon 02:01.0',
    ]);
  });
});

describe('a processor', () => {
  test.each([
    ['qemu', "<cpu mode='host-passthrough'/>", MODERN, {check: 'none', migratable: 'on'}],
    ['kvm', "<cpu mode='host-passthrough'/>", BARE, {check: 'none', migratable: 'off'}],
    ['kvm', "<cpu mode='host-model'/>", MODERN, {check: 'partial'}],
    ['kvm', '<cpu><model>Haswell</model></cpu>', MODERN, {mode: 'custom', match: 'exact', check: 'none'}],
    ['kvm', '<cpu><model>Haswell</model></cpu>', BARE, {check: 'partial'}],
    ['qemu', '<cpu><model>Haswell</model></cpu>', BARE, {check: 'none', model: {fallback: 'allow', name: 'Haswell'}}],
    [
      'qemu',
      "<cpu><topology sockets='1' cores='1' threads='1'/></cpu>",
      MODERN,
      {mode: 'custom', model: {name: 'qemu64'}},
    ],
  ])('of %s with %s is completed', (type, more, facts, cpu) => {
    const def = completeDomain(readDomain(domainXml({attributes: `type='${type}'`, more})), facts);
    expect(def.cpu).toMatchObject(cpu);
  });
});

test.each([
  [
    "<iothreads>4</iothreads><iothreadids><iothread id='2'/><iothread id='5'/></iothreadids>",
    {iothreads: 4, iothreadids: [{id: 2}, {id: 5}, {id: 1}, {id: 3}]},
  ],
  ["<iothreadids><iothread id='7'/></iothreadids>", {iothreads: 1, iothreadids: [{id: 7}]}],
  ["<vcpu placement='auto'>2</vcpu>", {numatune: {memory: {mode: 'strict', placement: 'auto'}}}],
])('%s is completed', (more, expected) => {
  expect(completeDomain(readDomain(domainXml({more})), MODERN)).toMatchObject(expected);
});

test('a virtio port goes to the next controller when the ports of one are taken', () => {
  const channel = "<channel type='unix'><target type='virtio' name='n'/></channel>";
  const def = complete(
    'pc',
    `<controller type='virtio-serial' index='0' ports='2'/><controller type='virtio-serial' index='1'/>${channel.repeat(2)}`,
  );
  expect(devicesOf(def, 'channel').map(({address}) => address)).toMatchObject([
    {controller: 0, port: 1},
    {controller: 1, port: 1},
  ]);
});

test('SCSI devices of the host take the units that disks leave', () => {
  const hostdev =
    "<hostdev type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source></hostdev>";
  const def = complete('pc', `<disk><source file='/a'/><target dev='sda' bus='scsi'/></disk>${hostdev.repeat(8)}`);
  expect(devicesOf(def, 'hostdev').map(({address}) => (address?.type === 'drive' ? address.unit : undefined))).toEqual([
    1, 2, 3, 4, 5, 6, 8, 9,
  ]);
});

test('a generation id that is to be made is made', () => {
  const def = readDomain(domainXml({more: '<genid/>'}));
  expect(formatDomain(def)).toContain('<genid/>');
  expect(formatDomain(completeDomain(def, MODERN))).toContain(`<genid>${MADE_UUID}</genid>`);
});

test('whatever is defined stays, and what is complete is not completed further', () => {
  fc.assert(
    fc.property(arbitraryDomain, fc.constantFrom('pc', 'q35', 'isapc', undefined), (made, machine) => {
      const {machine: _, ...os} = made.os;
      const def = {...made, os: {...os, arch: 'x86_64', ...(machine === undefined ? {} : {machine})}};
      const once = completeDomain(def, MODERN);
      expect(once).toMatchObject({name: def.name, uuid: def.uuid, memoryKiB: def.memoryKiB, os: def.os});
      for (const kind of ['disk', 'interface', 'serial', 'console'] as const) {
        expect(devicesOf(once, kind)).toMatchObject(devicesOf(def, kind));
      }
      // The controllers of a text are grouped by type when it is read: their order is the only thing that may change.
      const twice = completeDomain(once, MODERN);
      expect({...twice, devices: new Set(twice.devices)}).toEqual({...once, devices: new Set(once.devices)});
    }),
  );
});

test('an encrypted image is opened by the emulator, also one below another, and a target has its first unit', () => {
  const encryption = "<encryption format='luks'><secret type='passphrase' usage='u'/></encryption>";
  const def = complete(
    'pc',
    `<disk><driver type='qcow2'/><source file='/a'/><backingStore type='file'><format type='raw'/><source file='/b'>${encryption}</source>
     <backingStore/></backingStore><target dev='vda'/>${encryption}</disk>
     <disk type='network'><source protocol='iscsi' name='iqn.x'><host name='h'/></source><target dev='vdb'/></disk>`,
  );
  expect(devicesOf(def, 'disk')).toMatchObject([
    {encryption: {engine: 'qemu'}, backingStore: {source: {encryption: {engine: 'qemu'}}}},
    {source: {name: 'iqn.x/0'}},
  ]);
});
