import {describe, expect, test} from 'vitest';
import {messagesOf, readDomain} from './read-domain.ts';

/** The example domains of the QEMU driver's documentation (libvirt 0.7.1, docs/drvqemu). */
const DEMO_ARGS = `<domain type='qemu'>
  <name>QEMUGuest1</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory>219200</memory>
  <currentMemory>219200</currentMemory>
  <vcpu>1</vcpu>
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
      <source dev='/dev/HostVG/QEMUGuest1'/>
      <target dev='hda' bus='ide'/>
    </disk>
  </devices>
</domain>`;

const QEMU_ON_X86_64 = `<domain type='qemu'>
  <name>QEmu-fedora-i686</name>
  <uuid>c7a5fdbd-cdaf-9455-926a-d65c16db1809</uuid>
  <memory>219200</memory>
  <currentMemory>219200</currentMemory>
  <vcpu>2</vcpu>
  <os>
    <type arch='i686' machine='pc'>hvm</type>
    <boot dev='cdrom'/>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='cdrom'>
      <source file='/home/user/boot.iso'/>
      <target dev='hdc'/>
      <readonly/>
    </disk>
    <disk type='file' device='disk'>
      <source file='/home/user/fedora.img'/>
      <target dev='hda'/>
    </disk>
    <interface type='network'>
      <source network='default'/>
    </interface>
    <graphics type='vnc' port='-1'/>
  </devices>
</domain>`;

const KVM_ON_I686 = `<domain type='kvm'>
  <name>demo2</name>
  <uuid>4dea24b3-1d52-d8f3-2516-782e98a23fa0</uuid>
  <memory>131072</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="i686">hvm</type>
  </os>
  <clock sync="localtime"/>
  <devices>
    <emulator>/usr/bin/qemu-kvm</emulator>
    <disk type='file' device='disk'>
      <source file='/var/lib/libvirt/images/demo2.img'/>
      <target dev='hda'/>
    </disk>
    <interface type='network'>
      <source network='default'/>
      <mac address='24:42:53:21:52:45'/>
    </interface>
    <graphics type='vnc' port='-1' keymap='de'/>
  </devices>
</domain>`;

describe('the examples of the document', () => {
  test.each([
    ['of the conversion to arguments', DEMO_ARGS],
    ['of an emulated guest', QEMU_ON_X86_64],
    ['of an accelerated guest', KVM_ON_I686],
  ])('%s is read', (_, xml) => {
    expect(messagesOf(xml)).toEqual([]);
    expect(readDomain(xml)).toMatchObject({os: {arch: 'i686'}});
  });

  test('say what they mean', () => {
    expect(readDomain(QEMU_ON_X86_64)).toMatchObject({
      vcpus: 2,
      memoryKiB: 219200n,
      clock: {offset: 'utc'},
      os: {boot: ['cdrom'], machine: 'pc'},
      devices: [
        {kind: 'disk', device: 'disk', target: {dev: 'hda', bus: 'ide'}, source: {path: '/home/user/fedora.img'}},
        {kind: 'disk', device: 'cdrom', target: {dev: 'hdc', bus: 'ide'}},
        {kind: 'interface', type: 'network', source: {network: 'default'}},
        {kind: 'graphics', type: 'vnc', port: -1, autoport: true},
      ],
    });
    expect(readDomain(KVM_ON_I686)).toMatchObject({
      type: 'kvm',
      clock: {offset: 'localtime'},
      devices: [{kind: 'disk'}, {kind: 'interface'}, {kind: 'graphics', keymap: 'de'}],
    });
  });
});
