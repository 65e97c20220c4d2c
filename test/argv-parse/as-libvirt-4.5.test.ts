import {expect, test} from 'vitest';
import {formatProblem} from '../../src/base/problem.ts';
import {domainFromNative} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';

/** The XML of a command line on one line without white space between elements; its problems where it has none. */
function xmlOf(line: string): string {
  const {def, problems} = domainFromNative(line);
  if (!def || problems.length > 0) return problems.map(formatProblem).join('\n');
  return formatDomain(def).replaceAll(/>\s+</g, '><');
}

const I686 = '/usr/bin/qemu-system-i686 -M pc -nographic';
const X86_64 = '/usr/bin/qemu-system-x86_64 -M pc -nographic';

const drive = (rest: string) => `${I686} -drive file=/dev/pool/root,if=ide,bus=0,unit=0,format=qcow2,${rest}`;

// What libvirt 4.5.0, src/qemu/qemu_parse_command.c, makes of a command line, beside what the corpus shows of it.
test.each([
  // Images: what a policy for both directions, an old word or an empty drive means.
  [drive('werror=stop,rerror=stop'), "<driver name='qemu' type='qcow2' error_policy='stop'/>"],
  [drive('werror=report,rerror=stop'), "error_policy='report' rerror_policy='stop'/>"],
  [drive('cache=on'), "cache='writeback'/>"],
  [drive('cache=off'), "cache='none'/>"],
  [drive('cache=directsync'), "cache='directsync'/>"],
  [drive('aio=native,cyls=10,heads=4,secs=63,trans=lba'), "<geometry cyls='10' heads='4' secs='63' trans='lba'/>"],
  [
    `${I686} -drive if=ide,media=cdrom,bus=1,unit=0`,
    "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><target dev='hdc' bus='ide'/><readonly/></disk>",
  ],
  [`${I686} -drive file=/a,if=virtio,unit=6`, "<target dev='vda' bus='virtio'/>"],
  [`${I686} -drive file=/a,if=virtio,index=6`, "<target dev='vdg' bus='virtio'/>"],
  [`${I686} -drive file=/a,if=scsi,bus=1,unit=2`, "<target dev='sdj' bus='scsi'/>"],
  [`${I686} -drive file=/a,if=floppy,unit=1`, "device='floppy'><driver name='qemu' type='raw'/><source file='/a'/>"],
  [
    '/usr/bin/qemu-system-aarch64 -nographic -hda /dev/pool/root',
    "<source dev='/dev/pool/root'/><target dev='hda' bus='ide'/>",
  ],
  [
    `${I686} -drive 'file=rbd:p/i@then:auth_supported=none:mon_host=[fd00\\:\\:7]\\:6799\\;m.example.net:conf=/etc/c.conf,if=virtio'`,
    "<source protocol='rbd' name='p/i'><host name='fd00::7' port='6799'/><host name='m.example.net' port='6789'/>" +
      "<snapshot name='then'/><config file='/etc/c.conf'/></source>",
  ],
  [
    `${I686} -drive file=iscsi://joe:pass@s.example.net:3261/iqn.2001-04.net.example%3Avol/2,if=virtio`,
    "<auth username='joe'><secret type='iscsi'/></auth>" +
      "<source protocol='iscsi' name='iqn.2001-04.net.example:vol/2'><host name='s.example.net' port='3261'/></source>",
  ],
  [
    `${I686} -drive file=nbd://[fd00::7]:10810,if=virtio`,
    "<source protocol='nbd'><host name='fd00::7' port='10810'/></source>",
  ],
  // Serial lines.
  [
    `${I686} -serial udp:10.0.0.7:7000@10.0.0.8:7001`,
    "<serial type='udp'><source mode='bind' host='10.0.0.8' service='7001'/>" +
      "<source mode='connect' host='10.0.0.7' service='7000'/><target",
  ],
  [`${I686} -serial udp::7000@:0`, "<serial type='udp'><source mode='connect' service='7000'/><target"],
  [`${I686} -serial udp::7000`, "<serial type='udp'><source mode='connect' service='7000'/><target"],
  [
    `${I686} -serial pty -serial /dev/ttyUSB3`,
    "<serial type='dev'><source path='/dev/ttyUSB3'/><target type='isa-serial' port='1'>",
  ],
  // Network.
  [
    `${I686} -net tap,vlan=4,script=/etc/up,ifname=tap9 -net nic,vlan=4,macaddr=52:54:00:0a:0b:0c,model=virtio`,
    "<interface type='ethernet'><mac address='52:54:00:0a:0b:0c'/><script path='/etc/up'/><target dev='tap9'/>" +
      "<model type='virtio'/></interface>",
  ],
  // Processors.
  [`${I686} -cpu qemu32,-kvmclock`, "<clock offset='utc'><timer name='kvmclock' present='no'/></clock>"],
  [
    `${I686} -cpu qemu32,-kvmclock,-kvmclock`,
    "<clock offset='utc'><timer name='kvmclock' present='no'/></clock><on_poweroff>",
  ],
  [
    `${I686} -cpu qemu32,+sse4_2`,
    "<model fallback='allow'>qemu32</model><feature policy='require' name='sse4_2'/></cpu>",
  ],
  [`${X86_64} -cpu qemu64,-x2apic`, "<model fallback='allow'>qemu64</model><feature policy='disable' name='x2apic'/>"],
  [`${X86_64} -cpu pentium3`, "<type arch='i686' machine='pc'>"],
  [`${X86_64} -cpu qemu32`, "<type arch='i686' machine='pc'>"],
  [`${X86_64} -cpu core2duo`, "<type arch='x86_64' machine='pc'>"],
  [
    `${I686} -cpu qemu32,hv_relaxed,hv_vapic,hv_spinlocks=0x2fff`,
    "<relaxed state='on'/><vapic state='on'/><spinlocks state='on' retries='12287'/></hyperv>",
  ],
  [`${I686} -cpu qemu32,hv_spinlocks=12`, "<spinlocks state='on' retries='4095'/>"],
  [`${I686} -cpu qemu32,hv_crash,hv_crash`, "<panic model='hyperv'/></devices>"],
  [`${I686} -smp 1,maxcpus=2,sockets=2,cores=1,threads=1`, "<vcpu placement='static' current='1'>2</vcpu>"],
  [`${I686} -smp 1,sockets=2,cores=2,threads=1`, "<vcpu placement='static' current='1'>4</vcpu>"],
  // Boards.
  ['/usr/bin/qemu-system-i686 -nographic -M pc,accel=kvm', '<features><acpi/><pae/></features>'],
  ['/usr/bin/qemu-system-i686 -nographic -M pc,accel=kvm', "<domain type='kvm'>"],
  [`${I686} -machine accel=tcg,mem-merge=off`, '<memoryBacking><nosharepages/></memoryBacking>'],
  [`${I686} -machine accel=tcg,dump-guest-core=on`, "<memory dumpCore='on' unit='KiB'>"],
  [
    '/usr/bin/qemu-system-s390x -nographic -nodefaults -machine s390-ccw-virtio,accel=tcg',
    "<memballoon model='none'/><panic model='s390'/></devices>",
  ],
  ['/usr/bin/qemu-system-aarch64 -nographic', "<type arch='aarch64' machine='virt'>hvm</type>"],
  ['/usr/bin/qemu-system-aarch64 -nographic', "<features><gic version='2'/></features>"],
  [
    '/usr/bin/qemu-system-ppc64 -nographic -M pseries -global spapr-nvram.reg=0x3000',
    "<nvram><address type='spapr-vio' reg='0x00003000'/></nvram>",
  ],
  [`${I686} -global PIIX4_PM.disable_s3=1`, "<pm><suspend-to-mem enabled='no'/></pm>"],
  [`${I686} -no-reboot`, '<on_reboot>destroy</on_reboot>'],
  [`${I686} -boot order=n,reboot-timeout=128`, "<bios rebootTimeout='128'/>"],
  [`${I686} -boot order=n,reboot-timeout=70000`, "<bios rebootTimeout='65535'/>"],
  [`${I686} -incoming tcp:[::]:4444`, '<name>unnamed</name>'],
  // Screens.
  [
    '/usr/bin/qemu-system-i686 -vnc [::]:59630,share=allow-exclusive -vga std',
    "<graphics type='vnc' port='65530' autoport='no' listen='::' sharePolicy='allow-exclusive'>",
  ],
  [
    '/usr/bin/qemu-system-i686 -vnc 127.0.0.1:7,tls,x509verify=/etc/pki/tls,sasl -vga cirrus',
    "<graphics type='vnc' port='5907' autoport='no' listen='127.0.0.1'>",
  ],
  [
    'DISPLAY=:7 XAUTHORITY=/root/.xa /usr/bin/qemu-system-i686 -sdl -vga std',
    "<graphics type='sdl' display=':7' xauth='/root/.xa'/><video><model type='vga' vram='16384' heads='1' primary='yes'/>",
  ],
  ['/usr/bin/qemu-system-i686 -sdl -vmwarevga', "<model type='vmvga' vram='16384' heads='1' primary='yes'/>"],
  // Devices of the host.
  [
    `${I686} -usbdevice host:3.17`,
    "<hostdev mode='subsystem' type='usb' managed='no'><source><address bus='3' device='17'/></source></hostdev>",
  ],
  [`${I686} -usbdevice tablet`, "<input type='tablet' bus='usb'/><input type='mouse' bus='ps2'/>"],
  [`${I686} -device virtio-balloon-pci,id=b`, "<memballoon model='virtio'/></devices>"],
])('%s says %s', (line, xml) => expect(xmlOf(line)).toContain(xml));

test('a processor cannot have a clock and not have it', () => {
  expect(xmlOf(`${I686} -cpu qemu32,+kvmclock,-kvmclock`)).toContain('kvmclock of -cpu is both wanted and not wanted');
});
