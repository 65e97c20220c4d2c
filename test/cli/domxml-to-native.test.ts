import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {encodeCaps} from '../../src/driver/emulators/caps-json.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';
import {domainXml} from '../model/read-domain.ts';
import {type TempRoot, withTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

/** The options of a 0.10 emulator that the document's line shows. */
const HELP = `QEMU PC emulator version 0.10.0, Copyright (c) 2003-2008 Fabrice Bellard
usage: qemu [options] [disk_image]

-M machine      select emulated machine (-M ? for list)
-drive [file=file][,if=type][,bus=n][,unit=m][,media=d][,index=i]
       [,cyls=c,heads=h,secs=s[,trans=t]][,snapshot=on|off]
                use 'file' as a drive image
-name string    set the name of the guest
-no-kqemu       disable KQEMU kernel module usage
-no-reboot      exit instead of rebooting
-daemonize      daemonize QEMU after initializing
`;

const DEMO = domainXml({
  name: '<name>QEMUGuest1</name><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>',
  memory: '<memory>219200</memory><currentMemory>219200</currentMemory><vcpu>1</vcpu>',
  os: "<os><type arch='i686' machine='pc'>hvm</type><boot dev='hd'/></os>",
  devices:
    "<emulator>/usr/bin/qemu</emulator><disk type='block' device='disk'>" +
    "<source dev='/dev/HostVG/QEMUGuest1'/><target dev='hda' bus='ide'/></disk>",
});

const ENV = {PATH: '/usr/bin:/bin', HOME: '/home/test', USER: 'test', LOGNAME: 'test', SHELL: '/bin/sh'};

async function convert(root: TempRoot, xml: string, ...options: readonly string[]): Promise<CliHarness> {
  const cli = new CliHarness({env: ENV});
  cli.stdin.end(xml);
  await cli.run('-c', `qemu:///embed?root=${root.join('i')}`, 'domxml-to-native', 'qemu-argv', '-', ...options);
  return cli;
}

test('the document’s example is the document’s line, byte for byte', () =>
  withTempRoot(async root => {
    await writeFile(root.join('help'), HELP);
    const {stdout, stderr} = await convert(root, DEMO, '--emulator-help', root.join('help'));
    expect(stderr.text).toBe('');
    expect(stdout.text).toBe(
      'LC_ALL=C PATH=/usr/bin:/bin HOME=/home/test USER=test LOGNAME=test /usr/bin/qemu -S -M pc -no-kqemu -m 214 -smp 1 ' +
        '-name QEMUGuest1 -nographic -monitor pty -no-acpi -boot c -drive file=/dev/HostVG/QEMUGuest1,if=ide,index=0 ' +
        '-net none -serial none -parallel none -usb\n\n',
    );
  }));

test('a plan is of a defined domain', () =>
  withTempRoot(async root => {
    const cli = new CliHarness({env: ENV});
    await cli.run('-c', `qemu:///embed?root=${root.join('i')}`, 'domxml-to-native', 'qemu-argv', '--plan');
    expect(cli.stderr.text).toContain('--plan needs --domain');
  }));

test('networks that a start would connect are tap devices for who runs the line', () =>
  withTempRoot(async root => {
    await writeFile(root.join('caps.json'), JSON.stringify({stamp: 'x', caps: encodeCaps(X86_CAPS)}));
    const nics =
      "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/><model type='e1000'/></interface>" +
      "<interface type='bridge'><source bridge='br0'/><model type='e1000'/></interface>" +
      "<interface type='user'><filterref filter='f'/></interface>";
    const xml = domainXml({devices: nics});
    const {stdout, stderr} = await convert(root, xml, '--emulator-caps', root.join('caps.json'));
    expect(stdout.text).toContain('-netdev tap,script=no,downscript=no,id=hostnet0 ');
    expect(stdout.text).toContain('-netdev bridge,br=br0,id=hostnet1 ');
    expect(stderr.text).toContain(
      "it is not all in the command line: interface 52:54:00:00:00:01 of type 'network' is a tap device",
    );
    expect(stderr.text).toContain('<filterref> of its interfaces is not in the command line');
  }));

test('a saved probe stands for an emulator, as the cache keeps it', () =>
  withTempRoot(async root => {
    await writeFile(root.join('caps.json'), JSON.stringify({stamp: 'x', caps: encodeCaps(X86_CAPS)}));
    const xml = domainXml({name: '<name>a, b</name>'});
    const {stdout} = await convert(root, xml, '--emulator-caps', root.join('caps.json'));
    expect(stdout.text).toMatch(
      /^LC_ALL=C PATH=\S+ HOME=\S+ \/usr\/bin\/qemu-system-x86_64 -name 'guest=a,, b,debug-threads=on' -S /,
    );
  }));

test('the words are there as JSON, and what is not in them is told', () =>
  withTempRoot(async root => {
    await writeFile(root.join('caps.json'), JSON.stringify(encodeCaps(X86_CAPS)));
    const screens = "<graphics type='vnc' passwd='secret'/><graphics type='dbus'/>";
    const xml = domainXml({
      devices: `${screens}<interface type='user'><filterref filter='clean-traffic'/></interface>`,
    });
    const {stdout, stderr} = await convert(root, xml, '--json', '--emulator-caps', root.join('caps.json'));
    expect(JSON.parse(stdout.text)).toMatchObject({
      environment: {LC_ALL: 'C'},
      executable: '/usr/bin/qemu-system-x86_64',
      arguments: expect.arrayContaining(['-S']),
    });
    expect(stderr.text).toContain('warning: <filterref> of its interfaces is not in the command line');
    expect(stderr.text).toContain('warning: it is not all in the command line: the password of the vnc screen is set');
    expect(stderr.text).toContain('a dbus-daemon has to listen on ');
    expect(`${stdout.text}${stderr.text}`).not.toContain('secret');
  }));

test.each([
  ['<domain/>', ['--emulator-help', 'help'], 1, 'cannot convert the domain: '],
  [DEMO, ['--emulator-help', 'text'], 1, 'the text is no -help of QEMU'],
  [DEMO, ['--emulator-caps', 'text'], 1, 'cannot read the saved probe of the emulator'],
  [DEMO, ['--domain', 'web'], 2, 'a file and --domain are given'],
])('says what is wrong: %#', (xml, [option = '', value = ''], status, message) =>
  withTempRoot(async root => {
    await writeFile(root.join('help'), HELP);
    await writeFile(root.join('text'), 'usage: ls');
    const cli = new CliHarness({env: ENV});
    cli.stdin.end(xml);
    const given = option === '--domain' ? value : root.join(value);
    expect(await cli.run('domxml-to-native', 'qemu-argv', '-', option, given)).toBe(status);
    expect(cli.stderr.text).toContain(message);
    expect(cli.stdout.text).toBe('');
  }),
);

test('another format is no format', async () => {
  const cli = new CliHarness();
  expect(await cli.run('domxml-to-native', 'xen-xm', 'x.xml')).toBe(2);
  expect(cli.stderr.text).toContain("unknown format 'xen-xm'");
});

test('what a guest gets over the monitor is told beside its command line, and a secret only by its file', () =>
  withTempRoot(async root => {
    await writeFile(root.join('caps.json'), JSON.stringify({stamp: 'x', caps: encodeCaps(X86_CAPS)}));
    const devices = `<disk><source file='/a'><encryption format='luks'><secret type='passphrase' usage='u'/></encryption></source>
      <target dev='vda'/><iotune><total_bytes_sec>5</total_bytes_sec></iotune><transient/></disk>`;
    const {stdout, stderr} = await convert(root, domainXml({devices}), '--emulator-caps', root.join('caps.json'));
    expect(stdout.text).toMatch(
      /-object secret,id=libvirt-1-format-encryption-secret0,file=\S+\/secret-volume-u,format=base64/,
    );
    expect(stderr.text).toContain("the limits of disk 'vda' are set over the monitor");
    expect(stderr.text).toContain("disk 'vda' becomes transient over the monitor");
  }));
