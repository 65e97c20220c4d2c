import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {expect, test, vi} from 'vitest';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import type {DiskDef} from '../../src/model/devices/disk.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {withEmulator} from '../argv/run-emulator.ts';
import {domainXml, OPTIONS, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const LINE = '/usr/bin/qemu-system-x86_64 -nographic -net none -serial none -name web -m 64 -hda /disk.img';

test('prints the XML of a file without opening a connection', async () => {
  await withTempRoot(async root => {
    const file = root.join('web.args');
    await writeFile(file, LINE.replaceAll(' -', ' \\\n-'));
    const cli = new CliHarness();
    expect(await cli.run('domxml-from-native', 'qemu-argv', file)).toBe(0);
    expect(cli.opened).toEqual([]);
    expect(cli.stderr.text).toBe('');
    expect(parseDomain(cli.stdout.text, OPTIONS).def).toMatchObject({name: 'web', memoryKiB: 65536n});
  });
});

test('reads the standard input, and warns about what is kept', async () => {
  const cli = new CliHarness();
  cli.stdin.end(`${LINE} -x-new on`);
  expect(await cli.run('domxml-from-native', 'qemu-argv', '-')).toBe(0);
  expect(cli.stdout.text).toContain("<qemu:arg value='-x-new'/>");
  expect(cli.stderr.text).toBe(
    "warning: line 1, column 94: '-x-new on' is kept as <qemu:arg>: the option is not known\n",
  );
});

test('says where a line is wrong', async () => {
  const cli = new CliHarness();
  cli.stdin.end(`${LINE} -m`);
  expect(await cli.run('domxml-from-native', 'qemu-argv', '-')).toBe(1);
  expect(cli.stdout.text).toBe('');
  expect(cli.stderr.text).toBe(
    "error: cannot convert '-': one problem\n  line 1, column 94: the option '-m' has no value\n",
  );
});

test.each([
  [[], 'no command line was given'],
  [['vmx', '/a'], "unknown native format 'vmx'"],
  [['qemu-argv'], 'no command line was given'],
  [['qemu-argv', '/a', '--pid', '1'], 'a file and --pid were given'],
])('refuses %j', async (words, message) => {
  const cli = new CliHarness();
  expect(await cli.run('domxml-from-native', ...words)).toBe(2);
  expect(cli.stderr.text).toContain(message);
});

test('a process that is no emulator is refused', async () => {
  const cli = new CliHarness();
  expect(await cli.run('domxml-from-native', '--pid', String(process.pid))).toBe(1);
  expect(cli.stderr.text).toContain('it is no QEMU emulator');
});

test('reads a running process, with what of its environment an emulator heeds', async () => {
  const process = spawn('/usr/bin/tail', ['-f', '/dev/null'], {
    argv0: '/usr/bin/qemu-system-ppc',
    cwd: '/',
    env: {TMPDIR: '/x', TERM: 'vt100', HOME: '/root'},
    stdio: 'ignore',
  });
  await once(process, 'spawn');
  try {
    const cli = new CliHarness();
    expect(await cli.run('domxml-from-native', '--pid', String(process.pid))).toBe(0);
    const {def} = parseDomain(cli.stdout.text, OPTIONS);
    expect(def).toMatchObject({os: {arch: 'ppc'}, emulator: '/usr/bin/qemu-system-ppc'});
    expect(def?.qemu?.commandline).toEqual({args: ['-f', '/dev/null'], env: [{name: 'TMPDIR', value: '/x'}]});
  } finally {
    process.kill('SIGKILL');
  }
});

test('a process with an argument that is no UTF-8 is refused: XML could not name its file', async () => {
  const command = "exec -a /usr/bin/qemu-system-ppc tail -f /dev/null $'\\xff'";
  const process = spawn('/bin/bash', ['-c', command], {stdio: 'ignore'});
  await once(process, 'spawn');
  try {
    await vi.waitFor(async () => {
      const cli = new CliHarness();
      expect(await cli.run('domxml-from-native', '--pid', String(process.pid))).toBe(1);
      expect(cli.stderr.text).toContain(`cannot convert process ${process.pid}: its command line is no UTF-8`);
    });
  } finally {
    process.kill('SIGKILL');
  }
});

const DOCUMENT_ARGS = `LC_ALL=C PATH=/bin HOME=/home/test USER=test \\
LOGNAME=test /usr/bin/qemu -S -M pc -m 214 -smp 1 \\
-nographic -monitor pty -no-acpi -boot c -hda \\
/dev/HostVG/QEMUGuest1 -net none -serial none \\
-parallel none -usb
`;

/** What the document shows, with what libvirt's XML has besides since then: name, unit, placement, driver. */
const DOCUMENT_XML = `<domain type='qemu'>
  <name>unnamed</name>
  <uuid>00000000-0000-0000-0000-000000000000</uuid>
  <memory unit='KiB'>219136</memory>
  <currentMemory unit='KiB'>219136</currentMemory>
  <vcpu placement='static'>1</vcpu>
  <os>
    <type arch='i686' machine='pc'>hvm</type>
    <boot dev='hd'/>
  </os>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu</emulator>
    <disk type='block' device='disk'>
      <driver name='qemu' type='raw'/>
      <source dev='/dev/HostVG/QEMUGuest1'/>
      <target dev='hda' bus='ide'/>
    </disk>
  </devices>
</domain>
`;

test.each([
  ['with its backslashes', DOCUMENT_ARGS],
  ['on one line', DOCUMENT_ARGS.replaceAll('\\\n', '')],
])('the document’s example %s is the document’s XML', async (_, text) => {
  const cli = new CliHarness();
  cli.stdin.end(text);
  expect(await cli.run('domxml-from-native', 'qemu-argv', '-')).toBe(0);
  expect(cli.stderr.text).toBe('');
  expect(cli.stdout.text.trimEnd()).toBe(DOCUMENT_XML.trimEnd());
});

const X86 = '/usr/bin/qemu-system-x86_64';

/** A guest with something of each kind; the images are made by the test. */
function guestXml(directory: string): string {
  const image = `<driver name='qemu' type='raw' cache='none'/><source file='${directory}/a, b.img'/>`;
  const devices = `<emulator>${X86}</emulator>
    <disk type='file' device='disk'>${image}<target dev='vda' bus='virtio'/><serial>abc</serial></disk>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <controller type='usb' index='0' model='qemu-xhci'/><controller type='virtio-serial' index='0'/>
    <interface type='user'><mac address='52:54:00:01:02:03'/><model type='e1000'/></interface>
    <serial type='file'><source path='${directory}/serial.log'/></serial>
    <channel type='unix'><source mode='bind' path='${directory}/agent'/><target type='virtio' name='a.b'/></channel>
    <input type='tablet' bus='usb'/><graphics type='vnc' port='-1' listen='127.0.0.1'/><video><model type='vga'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng><memballoon model='virtio'/>`;
  return domainXml({
    name: '<name>-web, "1"</name><uuid>11111111-2222-4333-8444-555555555555</uuid>',
    memory: "<memory unit='MiB'>40</memory><vcpu>2</vcpu>",
    os: "<os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/><bootmenu enable='yes'/></os>",
    more: "<features><acpi/></features><clock offset='localtime'/><on_reboot>destroy</on_reboot>",
    devices,
  });
}

test.skipIf(!existsSync(X86))(
  `a guest that really runs is read with what it was started as (needs ${X86})`,
  {
    timeout: 60_000,
  },
  async () => {
    await withTempRoot(async root => {
      await writeFile(root.join('a, b.img'), Buffer.alloc(1024 * 1024));
      await writeFile(root.join('serial.log'), '');
      const probed = await probeEmulator(X86);
      if (probed.status !== 'ok') throw new Error(`${X86}: ${probed.status}`);
      const {caps} = probed;
      const def = readDomain(guestXml(root.path));
      await withEmulator({def, path: X86, caps, runDir: root.path}, async (_monitor, pid) => {
        const cli = new CliHarness();
        expect(await cli.run('domxml-from-native', '--pid', String(pid))).toBe(0);
        const read = parseDomain(cli.stdout.text, OPTIONS).def;
        expect(read?.qemu?.commandline?.args).toBeUndefined();
        expect(read).toMatchObject({
          ...pick(def, ['type', 'name', 'uuid', 'memoryKiB', 'vcpus', 'clock', 'emulator', 'onReboot']),
          os: {arch: 'x86_64', machine: 'q35', bootmenu: {enable: true}},
          features: {acpi: true},
        });
        for (const kind of ['interface', 'serial', 'channel', 'rng'] as const) {
          expect(read && devicesOf(read, kind)).toMatchObject(devicesOf(def, kind));
        }
        expect(read && devicesOf(read, 'disk').map(diskMeaning)).toEqual(devicesOf(def, 'disk').map(diskMeaning));
      });
    });
  },
);

function pick<T extends object, K extends keyof T>(record: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map(key => [key, record[key]])) as Pick<T, K>;
}

function diskMeaning({device, driver, source, target, serial, readonly}: DiskDef) {
  return [device, driver, source, target, serial, readonly];
}
