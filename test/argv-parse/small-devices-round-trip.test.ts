import {describe, expect, test} from 'vitest';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import {devicesOf} from '../../src/model/domain-def.ts';
import {expectSameLine} from './same-line.ts';

const EMULATOR = '/usr/bin/qemu-system-x86_64';

const SOURCES: readonly (readonly [type: string, inner: string])[] = [
  ['pty', ''],
  ['null', ''],
  ['stdio', ''],
  ['vc', ''],
  ['dev', "<source path='/dev/ttyS2,x'/>"],
  ['file', "<source path='/f,1' append='on'/>"],
  ['file', "<source path='/f' append='off'/>"],
  ['pipe', "<source path='/p,1'/>"],
  ['unix', "<source mode='bind' path='/u,1'/>"],
  ['unix', "<source mode='connect' path='/u'><reconnect enabled='yes' timeout='7'/></source>"],
  ['unix', "<source mode='connect' path='/u'><reconnect enabled='no'/></source>"],
  ['tcp', "<source mode='connect' host='h' service='99'><reconnect enabled='no'/></source>"],
  ['tcp', "<source mode='bind' host='::1' service='99'/><protocol type='telnet'/>"],
  ['udp', "<source mode='bind' host='h' service='1'/><source mode='connect' host='h' service='2'/>"],
  ['udp', "<source mode='connect' service='2'/>"],
  ['udp', "<source mode='bind' host='h'/><source mode='connect' host='x' service='2'/>"],
  ['spiceport', "<source channel='org.a-b'/>"],
  ['dbus', "<source channel='org.a.b'/>"],
  ['qemu-vdagent', "<source><clipboard copypaste='yes'/><mouse mode='client'/></source>"],
];

const devicesOn = (type: string, inner: string) => [
  `<serial type='${type}'>${inner}<log file='/l,1' append='off'/></serial>`,
  `<parallel type='${type}'>${inner}</parallel>`,
  `<console type='${type}'>${inner}<target type='virtio'/></console>`,
  `<channel type='${type}'>${inner}<target type='virtio' name='a.b'/></channel>`,
  `<channel type='${type}'>${inner}<target type='guestfwd' address='10.0.2.1' port='4600'/></channel>`,
  `<smartcard mode='passthrough' type='${type}'>${inner}</smartcard>`,
  `<redirdev bus='usb' type='${type}'>${inner}</redirdev>`,
  `<rng model='virtio'><backend model='egd' type='${type}'>${inner}</backend></rng>`,
];

/** What some backends need of the domain besides. */
const SPICE = "<graphics type='spice'><listen type='none'/></graphics><video><model type='none'/></video>";

const LINES: readonly string[] = [
  ...SOURCES.flatMap(([type, inner]) =>
    devicesOn(type, inner).map(line => (type === 'spiceport' ? SPICE + line : line)),
  ),
  `${SPICE}<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>`,
  `${SPICE}<redirdev bus='usb' type='spicevmc'/><smartcard mode='passthrough' type='spicevmc'/>`,
  ...['isa-serial', 'pci-serial', 'usb-serial', 'isa-debug'].map(
    type => `<serial type='pty'><target type='${type}'/></serial><serial type='null'><target type='${type}'/></serial>`,
  ),
  "<serial type='pty'/><console type='pty'><target type='serial'/></console><console type='pty'><target type='virtio'/></console><console type='null'><target type='virtio'/></console>",
  "<console type='pty'><target type='virtio'/><address type='virtio-serial' controller='0' bus='0' port='3'/></console><controller type='virtio-serial' index='0'/>",
];

const virtio = "<driver iommu='on' ats='on' packed='on' page_per_vq='on'/>";

const SMALL: readonly string[] = [
  "<smartcard mode='host'/>",
  "<smartcard mode='host-certificates'><certificate>a,1</certificate><certificate>b</certificate><certificate>c</certificate><database>/etc/db,1</database></smartcard>",
  "<redirdev bus='usb' type='pty'/><redirdev bus='usb' type='null'/><redirfilter><usbdev class='0x08' vendor='0x1234' product='0xbeef' version='2.56' allow='yes'/><usbdev allow='no'/></redirfilter>",
  "<hub type='usb'><address type='usb' bus='0' port='1'/></hub><input type='mouse' bus='usb'><address type='usb' bus='0' port='1.1'/></input>",
  ...['mouse', 'tablet', 'keyboard'].flatMap(type => [
    `<input type='${type}' bus='usb'/>`,
    `<input type='${type}' bus='virtio'>${virtio}</input>`,
    `<input type='${type}' bus='virtio' model='virtio-transitional'/>`,
    `<input type='${type}' bus='virtio' model='virtio-non-transitional'/>`,
  ]),
  "<input type='passthrough' bus='virtio'><source evdev='/dev/input/event1'/></input>",
  "<input type='evdev'><source dev='/dev/input/event1' grab='all' repeat='on' grabToggle='ctrl-ctrl'/></input><input type='tablet' bus='usb'/><input type='evdev'><source dev='/dev/input/event2' repeat='off'/></input>",
  ...['reset', 'shutdown', 'poweroff', 'pause', 'none', 'inject-nmi'].map(
    action => `<watchdog model='i6300esb' action='${action}'/>`,
  ),
  "<watchdog model='ib700' action='pause'/>",
  "<rng model='virtio'><backend model='random'>/dev/a,1</backend><rate bytes='1234' period='2000'/></rng>",
  `<rng model='virtio'><backend model='builtin'/>${virtio}</rng>`,
  "<rng model='virtio-transitional'><backend model='random'>/dev/urandom</backend></rng>",
  "<rng model='virtio-non-transitional'><backend model='random'>/dev/urandom</backend></rng>",
  "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm,0'/></backend></tpm>",
  "<tpm model='tpm-crb'><backend type='external'><source type='unix' mode='connect' path='/t,1'/></backend></tpm>",
  `<memballoon model='virtio' autodeflate='on' freePageReporting='off'>${virtio}</memballoon>`,
  "<memballoon model='virtio-transitional'/>",
  "<memballoon model='virtio-non-transitional'/>",
  "<memballoon model='none'/>",
  "<panic model='isa'/>",
  "<panic model='isa'><address type='isa' iobase='0x506'/></panic>",
  "<panic model='pvpanic'/>",
  "<panic model='hyperv'/>",
  `<vsock model='virtio'><cid auto='no' address='4'/>${virtio}</vsock>`,
  "<vsock model='virtio-transitional'><cid auto='no' address='4'/></vsock>",
  "<vsock model='virtio-non-transitional'><cid auto='no' address='4'/></vsock>",
  "<shmem name='s0' role='master'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>",
  "<shmem name='s1'><model type='ivshmem-doorbell'/><server path='/s,1'/><msi vectors='32' ioeventfd='on'/></shmem>",
  `<crypto model='virtio' type='qemu'><backend model='builtin' queues='2'/>${virtio}</crypto>`,
  "<crypto model='virtio' type='qemu'><backend model='lkcf'/></crypto>",
];

describe('lines and small devices come back as they were', () => {
  test.each([...LINES, ...SMALL])('%s', devices => expectSameLine(devices));
  test('the watchdog of the chipset', () => expectSameLine("<watchdog model='itco' action='pause'/>", 'q35'));
});

describe('what the XML cannot say is kept', () => {
  test.each([
    ['-object', 'input-linux,id=x,evdev=event1'],
    ['-object', 'input-linux,id=x,evdev=/dev/input/event1,more=1'],
    ['-global', 'ICH9-LPC.noreboot=on'],
  ])('%s %s', (...words) => {
    const {def} = domainFromWords([EMULATOR, '-nodefaults', ...words]);
    expect(def?.qemu?.commandline?.args).toEqual(words);
    expect(def && devicesOf(def, 'watchdog')).toEqual([]);
  });
});
