import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatDomain} from '../../src/model/format-domain.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {arbitraryDomain} from './arbitrary-domain.ts';
import {domainXml, problemsOf, readDomain} from './read-domain.ts';

const WHOLE = `<domain type='kvm'>
  <name>whole</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <title>T&apos;s</title>
  <description>one
two</description>
  <memory unit='KiB'>219136</memory>
  <currentMemory unit='KiB'>219100</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <loader readonly='yes' type='pflash'>/fw</loader>
    <kernel>/k</kernel>
    <initrd>/i</initrd>
    <cmdline>console=ttyS0 root=/dev/vda</cmdline>
    <boot dev='cdrom'/>
    <boot dev='hd'/>
    <bios useserial='yes'/>
  </os>
  <features>
    <acpi/>
    <apic/>
    <pae/>
  </features>
  <clock offset='variable' adjustment='12' basis='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>coredump-restart</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none'/>
      <source file='/a&amp;b.qcow2'/>
      <target dev='vda' bus='virtio'/>
      <shareable/>
      <serial>S1</serial>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <target dev='hdc' bus='ide'/>
      <readonly/>
    </disk>
    <interface type='user'>
      <mac address='52:54:00:12:34:56'/>
      <model type='virtio'/>
    </interface>
    <serial type='pty'>
      <log file='/log' append='on'/>
      <target type='isa-serial' port='0'>
        <model name='isa-serial'/>
      </target>
    </serial>
    <serial type='file'>
      <source path='/s' append='on'/>
      <target type='isa-serial' port='1'>
        <model name='isa-serial'/>
      </target>
    </serial>
    <console type='pty'>
      <log file='/log' append='on'/>
      <target type='serial' port='0'/>
    </console>
    <console type='null'>
      <target type='virtio' port='1'/>
    </console>
    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1' keymap='de'>
      <listen type='address' address='127.0.0.1'/>
    </graphics>
  </devices>
</domain>
`;

test('libvirt’s order and form come back as they were', () => {
  expect(problemsOf(WHOLE)).toEqual([]);
  expect(formatDomain(readDomain(WHOLE))).toBe(WHOLE);
});

test('every definition comes back from its XML unchanged', () => {
  fc.assert(
    fc.property(arbitraryDomain, def => {
      expect(problemsOf(formatDomain(def))).toEqual([]);
      expect(readDomain(formatDomain(def))).toEqual(def);
    }),
  );
});

test('every running definition comes back from its live XML unchanged', () => {
  fc.assert(
    fc.property(arbitraryDomain, def => {
      const live = assignAliases(def);
      expect(readDomain(formatDomain(live, {id: 3}), {live: true})).toEqual(live);
    }),
  );
});

test('the live form has the number, aliases, pty paths and ports; the inactive one has none', () => {
  const def = readDomain(
    domainXml({
      devices:
        "<serial type='pty'><source path='/dev/pts/3'/></serial><graphics type='vnc' port='5901' autoport='yes'/>",
    }),
    {live: true},
  );
  const live = formatDomain(assignAliases(def), {id: 7});
  expect(live).toContain("<domain type='qemu' id='7'>");
  expect(live).toContain("<source path='/dev/pts/3'/>");
  expect(live).toContain("<console type='pty' tty='/dev/pts/3'>");
  expect(live).toContain("<alias name='serial0'/>");
  expect(live).toContain("port='5901' autoport='yes'");
  const inactive = formatDomain(assignAliases(def));
  expect(inactive).not.toMatch(/pts|alias|5901| id=/);
  expect(inactive).toContain("port='-1' autoport='yes'");
});

test('the serial line of another architecture has no ISA target', () => {
  const def = readDomain(domainXml({os: "<os><type arch='ppc'>hvm</type></os>", devices: "<serial type='pty'/>"}));
  expect(formatDomain(def)).toContain("<target port='0'/>");
});

test('devices are printed by kind, whatever their order in the definition', () => {
  const def = readDomain(WHOLE);
  expect(formatDomain({...def, devices: def.devices.toReversed().filter(({kind}) => kind !== 'disk')})).toMatch(
    /<interface[\s\S]*<serial[\s\S]*<console[\s\S]*<graphics/,
  );
});
