import {expect, test} from 'vitest';
import {formatProblem} from '../../src/base/problem.ts';
import {domainFromNative} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {BOXES, BY_HAND, OWN_KERNEL, PACKER, PROXMOX, QUICKEMU} from './sample-lines.ts';

/** The XML of a command line on one line, what is warned about, and what is left out. */
function read(line: string) {
  const {def, problems, notes} = domainFromNative(line);
  return {
    xml: def ? formatDomain(def).replaceAll(/>\s+</g, '><') : '',
    args: def?.qemu?.commandline?.args ?? [],
    warnings: problems.map(formatProblem),
    notes: notes.map(({message}) => message),
  };
}

function expectParts(xml: string, parts: readonly string[]): void {
  for (const part of parts) expect(xml).toContain(part);
}

test('as Proxmox VE starts a guest', () => {
  const {xml, args, warnings} = read(PROXMOX);
  expectParts(xml, [
    "<domain type='kvm'>",
    '<name>mail</name><uuid>5d4f33a2-0c7e-4a0b-9a55-0d3b1c2e4f60</uuid><genid>9b1f36bd-2c5e-4ba7-8c40-6a5b2d3f9e11</genid>',
    '<iothreads>1</iothreads>',
    "<bootmenu enable='yes'/><bios rebootTimeout='1000'/>",
    "<apic eoi='on'/>",
    "<cpu mode='custom' match='exact' check='full'><model fallback='allow'>kvm64</model>" +
      "<topology sockets='2' dies='1' cores='2' threads='1'/><feature policy='require' name='lahf_lm'/>",
    "<driver name='qemu' type='raw' cache='none' io='io_uring' detect_zeroes='on'/><source dev='/dev/pve/vm-117-disk-1'/>",
    "<target dev='sdb' bus='scsi'/><boot order='100'/>",
    "<controller type='scsi' index='0' model='virtio-scsi'><driver iothread='1'/>" +
      "<address type='pci' domain='0x0000' bus='0x03' slot='0x02' function='0x0'/>",
    "<interface type='ethernet'><mac address='bc:24:11:00:aa:0f'/><script path='/var/lib/qemu-server/pve-bridge'/>" +
      "<downscript path='/var/lib/qemu-server/pve-bridgedown'/><target dev='tap117i0'/><model type='virtio'/>" +
      "<driver name='vhost'/><boot order='102'/>",
    "<channel type='unix'><source mode='bind' path='/var/run/qemu-server/117.qga'/>",
    "<input type='tablet' bus='usb'><address type='usb' bus='0' port='1'/>",
    "<graphics type='vnc' socket='/var/run/qemu-server/117.vnc'>",
    "<memballoon model='none'/>",
  ]);
  expect(args).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining('the password of -vnc is not in the line')]);
});

test('as quickemu starts one: what user networking forwards is kept with its card', () => {
  const {xml, args} = read(QUICKEMU);
  expectParts(xml, [
    "<vcpu placement='static'>8</vcpu>",
    "<loader readonly='yes' type='pflash'>/usr/share/OVMF/CODE.fd</loader><nvram>/srv/vars.fd</nvram>",
    "<smbios mode='sysinfo'/>",
    "<baseBoard><entry name='manufacturer'>A B</entry><entry name='product'>C</entry></baseBoard>",
    "<cpu mode='host-passthrough' migratable='off'>",
    "<cache level='3' mode='emulate'/><feature policy='require' name='invtsc'/>",
    "<timer name='pit' tickpolicy='discard'/><timer name='rtc' tickpolicy='catchup'/>",
    "<filesystem type='mount' accessmode='mapped'><source dir='/home/a'/><target dir='home'/></filesystem>",
    "<input type='keyboard' bus='usb'><address type='usb' bus='1'/></input>",
    "<graphics type='sdl'><gl enable='yes'/></graphics>",
    "<sound model='ich6'><codec type='micro'/><audio id='1'/></sound><audio id='1' type='pulseaudio'/>",
    "<acceleration accel3d='yes'/><resolution x='1280' y='800'/>",
    "<redirdev bus='usb' type='spicevmc'/>",
  ]);
  expect(args).toEqual([
    ...['-device', 'virtio-net,netdev=nic'],
    ...['-netdev', 'user,hostname=fedora,hostfwd=tcp::22220-:22,id=nic'],
  ]);
});

test('as packer and Vagrant start one', () => {
  const {xml, args, warnings} = read(PACKER);
  expectParts(xml, [
    "<driver name='qemu' type='qcow2' cache='writeback' discard='unmap'/><source file='/srv/out/disk'/>",
    "<target dev='hda' bus='ide'/><readonly/>",
    "<disk type='file' device='floppy'>",
    "<interface type='user'><mac address='52:54:00:99:88:77'/><model type='virtio'/></interface>",
    "<graphics type='vnc' port='5947' autoport='no' listen='127.0.0.1'>",
  ]);
  expect([args, warnings.length]).toEqual([['-boot', 'once=d'], 1]);
});

test('by hand', () => {
  const {xml, args, notes} = read(BY_HAND);
  expectParts(xml, [
    "<domain type='kvm'>",
    "<driver name='qemu' type='qcow2'/><source file='/srv/x.qcow2'/>",
    "<serial type='pty'>",
    "<console type='pty'>",
  ]);
  expect(args).toEqual([]);
  expect(notes).toEqual([
    "-hda: no format is given for '/srv/x.qcow2': taken for qcow2 because of its name",
    '-nographic: it puts the serial line on the terminal: the domain has it as a pty',
    'the emulator adds a network card by itself: the definition has none without an <interface>',
  ]);
});

test('as the manuals show a kernel of one’s own', () => {
  const {xml, warnings, notes} = read(OWN_KERNEL);
  expectParts(xml, [
    '<kernel>/boot/vmlinuz</kernel><initrd>/boot/initrd</initrd><cmdline>console=ttyS0 root=/dev/vda1</cmdline>',
    "<interface type='user'><mac address='52:54:00:12:34:56'/><model type='virtio'/></interface>",
    "<serial type='stdio'>",
    '<on_reboot>destroy</on_reboot>',
  ]);
  expect([warnings, notes]).toEqual([[], []]);
});

test('as GNOME Boxes and virt-manager have libvirt start one', () => {
  const {xml, args, warnings} = read(BOXES);
  expectParts(xml, [
    "<source type='memfd'/><access mode='shared'/>",
    "<driver name='qemu' type='qcow2' discard='unmap'/><source file='/srv/b.qcow2'/><backingStore/>",
    "<target dev='sda' bus='sata'/>",
    "<interface type='ethernet'><mac address='52:54:00:31:32:33'/><model type='virtio'/><driver name='vhost'/>",
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/>",
    "<timer name='hpet' present='no'/>",
    "<suspend-to-mem enabled='no'/>",
    "<model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/>",
    "<sound model='ich9'>",
    "<watchdog model='itco' action='reset'/>",
  ]);
  expect([args, warnings]).toEqual([[], []]);
});
