import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {VirtError} from '../../../src/base/virt-error.ts';
import type {ArgvSettings} from '../../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../../src/driver/argv/build-argv.ts';
import {buildLegacyEnvironment} from '../../../src/driver/argv/legacy/environment.ts';
import {formatShellLine} from '../../../src/driver/argv/quote-for-display.ts';
import {renderArgv} from '../../../src/driver/argv/render.ts';
import {flagsAskedBy} from '../../../src/driver/emulators/flags.ts';
import type {DomainDef} from '../../../src/model/domain-def.ts';
import type {EmulatorFlag} from '../../../src/model/emulator-flags.ts';
import {arbitraryDomain} from '../../model/arbitrary-domain.ts';
import {type DomainParts, domainXml, readDomain} from '../../model/read-domain.ts';
import {legacyInput} from './legacy-input.ts';

const OS = "<os><type arch='i686' machine='pc'>hvm</type></os>";

/** The arguments of a domain with some devices, as one text. */
function argsOf(parts: DomainParts, flags: readonly EmulatorFlag[] = [], settings: ArgvSettings = {}): string {
  return renderArgv(buildArgv(legacyInput(readDomain(domainXml({os: OS, ...parts})), flags, settings))).join(' ');
}

const REST = ['-net none', '-serial none', '-parallel none', '-usb'].join(' ');

function disk(dev: string, bus: string, more = '', attributes = "type='file' device='disk'"): string {
  return `<disk ${attributes}>${more}<source file='/${dev}.img'/><target dev='${dev}' bus='${bus}'/></disk>`;
}

test('a guest for Xen has its number from whatever the emulator knows', () => {
  const os = "<os><type arch='x86_64' machine='xenner'>xen</type></os>";
  const xen = {os, attributes: "type='xen'"};
  expect(argsOf(xen, ['domid', 'xen-domid'], {domainId: 6})).toContain('-domid 6 ');
  expect(argsOf(xen, ['xen-domid'], {domainId: 6})).toContain('-xen-attach -xen-domid 6 ');
  expect(argsOf({}, ['xen-domid'], {domainId: 6})).not.toContain('-xen-domid');
  expect(argsOf(xen, ['xen-domid'])).not.toContain('-xen-domid');
});

test('an emulator that knows little is told little', () => {
  expect(argsOf({})).toBe(
    `-S -M pc -m 16 -smp 1 -nographic -monitor unix:/run/monitor.sock,server,nowait -no-acpi -boot c ${REST}`,
  );
});

test.each<[string, EmulatorFlag[], string]>([
  [disk('vda', 'virtio'), ['drive', 'drive-boot'], '-drive file=/vda.img,if=virtio,index=0,boot=on'],
  [disk('sdi', 'scsi'), ['drive'], '-drive file=/sdi.img,if=scsi,index=8'],
  [disk('fdb', 'fdc', '', "type='file' device='floppy'"), ['drive'], '-drive file=/fdb.img,if=floppy,index=1'],
  [disk('fdb', 'fdc', '', "type='file' device='floppy'"), [], '-fdb /fdb.img'],
  [
    disk('hda', 'ide', "<driver name='qemu' cache='writeback'/>"),
    ['drive'],
    '-drive file=/hda.img,if=ide,index=0,cache=on',
  ],
  [
    disk('hda', 'ide', "<driver name='qemu' type='qcow2' cache='writeback' error_policy='enospace'/>"),
    ['drive', 'drive-cache-v2', 'drive-format', 'drive-error-policy'],
    '-drive file=/hda.img,if=ide,bus=0,unit=0,format=qcow2,cache=writeback,werror=enospc',
  ],
  [
    disk('hda', 'ide', "<driver name='qemu' type='qcow2' cache='none' error_policy='stop'/>"),
    ['drive', 'drive-format', 'drive-error-policy'],
    '-drive file=/hda.img,if=ide,bus=0,unit=0,format=qcow2,cache=off,werror=stop,rerror=stop',
  ],
  [disk('hdd', 'ide'), ['drive', 'drive-error-policy'], '-drive file=/hdd.img,if=ide,bus=1,unit=1'],
  [disk('sdi', 'scsi'), ['drive', 'drive-error-policy'], '-drive file=/sdi.img,if=scsi,bus=1,unit=1'],
  [disk('vdc', 'virtio'), ['drive', 'drive-error-policy'], '-drive file=/vdc.img,if=virtio'],
  [disk('vdc', 'virtio'), ['drive'], '-drive file=/vdc.img,if=virtio,index=2'],
  [
    disk('fdb', 'fdc', '', "type='file' device='floppy'"),
    ['drive', 'drive-error-policy'],
    '-drive file=/fdb.img,if=floppy,unit=1',
  ],
  [
    disk('hda', 'ide', "<address type='drive' controller='0' bus='1' unit='1'/>"),
    ['drive'],
    '-drive file=/hda.img,if=ide,index=3',
  ],
  [
    "<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk>",
    ['drive'],
    '-drive file=,if=ide,media=cdrom,index=2',
  ],
  ["<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk>", [], '-boot c -net'],
  [disk('hda', 'ide').replace('/hda.img', '/a,b'), ['drive', 'drive-cache-v2'], '-drive file=/a,,b,if=ide,index=0'],
])('disk %#', (devices, flags, expected) => {
  expect(argsOf({devices}, flags)).toContain(expected);
});

test('a name with a comma never becomes options of an emulator that reads none doubled', () => {
  const devices = disk('hda', 'ide').replace('/hda.img', '/a,if=scsi');
  expect(() => argsOf({devices}, ['drive'])).toThrow(
    "cannot give domain 'demo' its disk 'hda': '/a,if=scsi' has a comma",
  );
});

test.each<[string, string, EmulatorFlag[], string]>([
  ['qemu', '/usr/bin/qemu-system-x86_64', [], '-M pc -cpu qemu32 -m 16'],
  ['qemu', '/usr/bin/qemu', [], '-M pc -m 16'],
  ['qemu', '/usr/bin/kvm', ['no-kqemu', 'no-kvm', 'enable-kvm'], '-M pc -no-kqemu -no-kvm -m 16'],
  ['kvm', '/usr/bin/kvm', ['no-kqemu', 'no-kvm', 'enable-kvm'], '-M pc -enable-kvm -m 16'],
])('a 32-bit guest of type %s on %s', (type, emulator, flags, expected) => {
  expect(argsOf({attributes: `type='${type}'`, devices: `<emulator>${emulator}</emulator>`}, flags)).toContain(
    expected,
  );
});

describe('network', () => {
  const mac = "<mac address='00:11:22:33:44:55'/>";
  const nic = 'nic,macaddr=00:11:22:33:44:55,vlan=0';

  test.each([
    [`<interface type='user'>${mac}<model type='virtio'/></interface>`, `-net ${nic},model=virtio -net user,vlan=0`],
    [
      `<interface type='ethernet'>${mac}<script path='/etc/qemu-ifup'/><target dev='nic02'/></interface>`,
      `-net ${nic} -net tap,ifname=nic02,script=/etc/qemu-ifup,vlan=0`,
    ],
    [`<interface type='network'>${mac}<source network='default'/></interface>`, `-net ${nic} -net tap,vlan=0`],
    [
      `<interface type='mcast'>${mac}<source address='230.0.0.1' port='5558'/></interface>`,
      `-net ${nic} -net socket,mcast=230.0.0.1:5558,vlan=0`,
    ],
    [
      `<interface type='server'>${mac}<source address='::1' port='5558'/></interface>`,
      `-net ${nic} -net socket,listen=[::1]:5558,vlan=0`,
    ],
  ])('%#', (devices, expected) => {
    expect(argsOf({devices})).toContain(expected);
  });
});

describe('lines', () => {
  test.each([
    ["<serial type='dev'><source path='/dev/ttyS2'/></serial>", '-serial /dev/ttyS2'],
    ["<serial type='pipe'><source path='/tmp/p'/></serial>", '-serial pipe:/tmp/p'],
    [
      "<serial type='udp'><source mode='bind' host='127.0.0.1' service='9999'/><source mode='connect' host='127.0.0.1' service='9998'/></serial>",
      '-serial udp:127.0.0.1:9998@127.0.0.1:9999',
    ],
    ["<parallel type='pty'><target port='0'/></parallel>", '-serial none -parallel pty'],
  ])('%#', (devices, expected) => {
    expect(argsOf({devices})).toContain(expected);
  });

  test('a path that its option cannot hold is refused', () => {
    const devices = "<serial type='unix'><source mode='bind' path='/a,b'/></serial>";
    expect(() => argsOf({devices})).toThrow("cannot give domain 'demo' its serial line 0: '/a,b' has a comma");
  });
});

describe('screen', () => {
  const vnc = "<graphics type='vnc' port='5903' autoport='no' listen='127.0.0.1' keymap='de'/>";

  test.each<[string, EmulatorFlag[], ArgvSettings, string]>([
    [vnc, [], {}, '-usb -vnc 3 -k de'],
    [vnc, ['vnc-colon', 'vga'], {}, '-vnc 127.0.0.1:3 -k de -vga cirrus'],
    [
      vnc,
      ['vnc-colon'],
      {vnc: {password: 'secret', tls: {verify: true, x509Dir: '/etc/pki'}, sasl: true}},
      '-vnc 127.0.0.1:3,password,tls,x509verify=/etc/pki,sasl',
    ],
    [`${vnc}<video><model type='vga'/></video>`, [], {}, '-k de -std-vga'],
    [`${vnc}<video><model type='vmvga'/></video>`, ['vga'], {}, '-vga vmware'],
    ["<graphics type='sdl' display=':0'/>", ['sdl'], {}, '-usb -sdl'],
    ["<input type='tablet' bus='usb'/>", [], {}, '-usb -usbdevice tablet'],
  ])('%#', (devices, flags, settings, expected) => {
    expect(argsOf({devices}, flags, settings)).toContain(expected);
  });
});

test.each<[string, EmulatorFlag[], string]>([
  ['<on_reboot>destroy</on_reboot>', ['no-reboot'], '-no-reboot -no-acpi'],
  ["<clock offset='timezone' timezone='Europe/Paris'/>", ['rtc'], '-rtc base=localtime'],
  ["<clock offset='variable' adjustment='60'/>", ['rtc'], '-rtc base=2009-09-15T00:01:00'],
  ["<clock offset='timezone' timezone='Europe/Paris'/>", [], '-localtime'],
])('setting %s', (more, flags, expected) => {
  expect(argsOf({more}, flags)).toContain(expected);
});

test('the devices of the host are named by product or by place', () => {
  const source = "<source><address bus='14' device='6'/></source>";
  const devices = `<hostdev mode='subsystem' type='usb'>${source}</hostdev>`;
  expect(argsOf({devices})).toContain('-usbdevice host:014.006');
});

test('the state of a guest comes over TCP where the emulator takes it so', () => {
  const from = {migrateFrom: 'tcp:10.0.0.1:5000'};
  expect(argsOf({}, ['incoming-tcp'], from)).toContain('-incoming tcp:10.0.0.1:5000');
  expect(() => argsOf({}, ['incoming-stdio'], from)).toThrow('cannot read it from there');
});

test('the document’s example is the document’s line', () => {
  const def = readDomain(
    domainXml({
      name: '<name>QEMUGuest1</name><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>',
      memory: '<memory>219200</memory><currentMemory>219200</currentMemory><vcpu>1</vcpu>',
      os: "<os><type arch='i686' machine='pc'>hvm</type><boot dev='hd'/></os>",
      devices:
        "<emulator>/usr/bin/qemu</emulator><disk type='block' device='disk'>" +
        "<source dev='/dev/HostVG/QEMUGuest1'/><target dev='hda' bus='ide'/></disk>",
    }),
  );
  const input = legacyInput(def, ['no-kqemu', 'name', 'drive', 'vnc-colon', 'no-reboot'], {monitor: 'pty'});
  const inherited = {PATH: '/usr/bin:/bin', HOME: '/home/test', USER: 'test', LOGNAME: 'test', EDITOR: 'vi'};
  expect(formatShellLine(buildLegacyEnvironment(input, {inherited}), '/usr/bin/qemu', buildArgv(input))).toBe(
    'LC_ALL=C PATH=/usr/bin:/bin HOME=/home/test USER=test LOGNAME=test /usr/bin/qemu -S -M pc -no-kqemu -m 214 -smp 1 ' +
      '-name QEMUGuest1 -nographic -monitor pty -no-acpi -boot c -drive file=/dev/HostVG/QEMUGuest1,if=ide,index=0 ' +
      '-net none -serial none -parallel none -usb',
  );
});

test('any definition makes words for any flags, or is refused with a reason', () => {
  fc.assert(
    fc.property(arbitraryDomain, fc.subarray([...flagsAskedBy('help')]), (def, flags) => {
      const words = wordsOrRefusal(def, flags);
      if (!words) return;
      expect(words[0]).toBe('-S');
      const name = words.indexOf('-name');
      if (flags.includes('name')) expect(words[name + 1]).toBe(def.name);
      expect(words.includes('-drive')).toBe(flags.includes('drive') && words.some(word => /^(file|if)=/.test(word)));
    }),
    {numRuns: 200},
  );
});

test('the version decides nothing', () => {
  fc.assert(
    fc.property(arbitraryDomain, fc.subarray([...flagsAskedBy('help')]), fc.string(), (def, flags, version) => {
      expect(wordsOrRefusal(def, flags, version)).toEqual(wordsOrRefusal(def, flags));
    }),
    {numRuns: 50},
  );
});

/** Undefined for a definition that is refused. */
function wordsOrRefusal(def: DomainDef, flags: readonly EmulatorFlag[], version = '0.10.0'): string[] | undefined {
  const input = legacyInput(def, flags);
  try {
    return renderArgv(buildArgv({...input, caps: {...input.caps, version}}));
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    expect(error.code).toBe('CONFIG_UNSUPPORTED');
    expect(error.hint).toBeTruthy();
    return undefined;
  }
}

describe('what the XML hands on', () => {
  const handOn = (elements: string) =>
    readDomain(
      domainXml({
        attributes: "type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
        more: `<qemu:commandline>${elements}</qemu:commandline>`,
      }),
    );

  test('comes last, and into the environment', () => {
    const input = legacyInput(handOn("<qemu:arg value='-x y'/><qemu:env name='A' value='b c'/>"), []);
    const environment = buildLegacyEnvironment(input, {inherited: {}});
    expect(formatShellLine(environment, 'qemu', buildArgv(input))).toMatch(/^LC_ALL=C A='b c' qemu -S .* '-x y'$/);
  });

  test('is refused as an environment that would be a command', () => {
    const input = legacyInput(handOn("<qemu:env name='A;reboot' value='1'/>"), []);
    expect(() => buildLegacyEnvironment(input, {inherited: {}})).toThrow('that is no name of a variable');
  });
});
