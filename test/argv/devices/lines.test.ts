import {describe, expect, test} from 'vitest';
import type {ArgvSettings} from '../../../src/driver/argv/argv-input.ts';
import {deviceArgs} from '../device-args.ts';

const FLAGS = ['-device', '-object', '-chardev', '-serial', '-netdev'];

function args(devices: string, settings: ArgvSettings = {}): readonly string[] {
  return deviceArgs(devices, FLAGS, settings).filter(
    line => !/id=char(user)?monitor|qemu-xhci|virtio-serial-pci/.test(line),
  );
}

describe('the host’s side of a line', () => {
  const id = 'id=charchannel0';

  test.each([
    ["type='pty'>", `pty,${id}`],
    ["type='null'><log file='/l,1' append='on'/>", `null,${id},logfile=/l,,1,logappend=on`],
    ["type='null'><log file='/l'/>", `null,${id},logfile=/l`],
    ["type='dev'><source path='/dev/ttyS2,1'/>", `serial,${id},path=/dev/ttyS2,,1`],
    ["type='file'><source path='/f' append='on'/>", `file,${id},path=/f,append=on`],
    ["type='pipe'><source path='/p'/>", `pipe,${id},path=/p`],
    ["type='unix'><source mode='bind' path='/u'/>", `socket,${id},path=/u,server=on,wait=off`],
    ["type='unix'><source mode='bind'/>", `socket,${id},path=/run/demo/charchannel0.sock,server=on,wait=off`],
    [
      "type='unix'><source mode='connect' path='/u'><reconnect enabled='yes' timeout='7'/></source>",
      `socket,${id},path=/u,reconnect=7`,
    ],
    [
      "type='tcp'><source mode='connect' host='h' service='9'><reconnect enabled='no'/></source>",
      `socket,${id},host=h,port=9,reconnect=0`,
    ],
    [
      "type='tcp'><source mode='bind' host='::1' service='9'/><protocol type='telnet'/>",
      `socket,${id},host=::1,port=9,telnet=on,server=on,wait=off`,
    ],
    [
      "type='udp'><source mode='bind' host='a' service='1'/><source mode='connect' host='b' service='2'/>",
      `udp,${id},host=b,port=2,localaddr=a,localport=1`,
    ],
    ["type='udp'><source mode='connect' service='2'/>", `udp,${id},host=,port=2,localaddr=,localport=0`],
    ["type='spicevmc'>", `spicevmc,${id},name=vdagent`],
    ["type='spiceport'><source channel='org.a.b-1'/>", `spiceport,${id},name=org.a.b-1`],
    [
      "type='qemu-vdagent'><source><clipboard copypaste='yes'/><mouse mode='client'/></source>",
      `qemu-vdagent,${id},name=vdagent,clipboard=on,mouse=on`,
    ],
    ["type='dbus'><source channel='org.qemu.vdagent'/>", `dbus,${id},name=org.qemu.vdagent`],
  ])('<channel %s', (channel, expected) => {
    const [chardev] = args(`<channel ${channel}<target type='virtio'/></channel>`);
    expect(chardev).toBe(`-chardev ${expected}`);
  });

  test('is encrypted where it says so, or the host does', () => {
    const line = (tls: string, mode: string) =>
      args(`<serial type='tcp'><source mode='${mode}' host='h' service='9'${tls}/></serial>`, {
        chardevTls: {x509Dir: '/c', verify: false, always: true},
      }).slice(0, -1);
    const object = '-object tls-creds-x509,id=objcharserial0_tls0,dir=/c';
    expect(line(" tls='yes'", 'bind')).toEqual([
      `${object},endpoint=server,verify-peer=off`,
      '-chardev socket,id=charserial0,host=h,port=9,server=on,wait=off,tls-creds=objcharserial0_tls0',
    ]);
    expect(line('', 'connect')).toEqual([
      `${object},endpoint=client,verify-peer=on`,
      '-chardev socket,id=charserial0,host=h,port=9,tls-creds=objcharserial0_tls0',
    ]);
    expect(line(" tls='no'", 'connect')).toEqual(['-chardev socket,id=charserial0,host=h,port=9']);
  });
});

test.each<[string, string]>([
  ["<serial type='null'/>", '-device isa-serial,chardev=charserial0,id=serial0,index=0'],
  [
    "<serial type='null'><target port='1'/><address type='isa' iobase='0x2f8' irq='0x3'/></serial>",
    '-device isa-serial,chardev=charserial0,id=serial0,index=1,iobase=760,irq=3',
  ],
  ["<serial type='null'><target type='usb-serial'/></serial>", '-device usb-serial,chardev=charserial0,id=serial0'],
  [
    "<serial type='null'><address type='pci' slot='0x0a'/></serial>",
    '-device pci-serial,chardev=charserial0,id=serial0,bus=pci.0,addr=0xa',
  ],
  ["<serial type='null'><target type='isa-debug'/></serial>", '-device isa-debugcon,chardev=charserial0,id=serial0'],
  [
    "<serial type='null'><target type='spapr-vio-serial'/></serial>",
    '-device spapr-vty,chardev=charserial0,id=serial0',
  ],
  [
    "<serial type='null'><target type='system-serial'><model name='pl011'/></target></serial>",
    '-serial chardev:charserial0',
  ],
  ["<console type='null'><target type='virtio'/></console>", '-device virtconsole,chardev=charconsole0,id=console0'],
  [
    "<console type='null'><target type='virtio'/><address type='virtio-serial' port='5'/></console>",
    '-device virtconsole,bus=virtio-serial0.0,nr=5,chardev=charconsole0,id=console0',
  ],
  ["<console type='null'><target type='sclplm'/></console>", '-device sclplmconsole,chardev=charconsole0,id=console0'],
  ["<parallel type='null'/>", '-device isa-parallel,chardev=charparallel0,id=parallel0'],
  [
    "<parallel type='null'><target port='1'/></parallel>",
    '-device isa-parallel,chardev=charparallel0,id=parallel0,index=1',
  ],
  [
    "<channel type='null'><target type='guestfwd' address='10.0.2.1' port='4600'/></channel>",
    '-netdev {"type":"user","guestfwd":[{"str":"tcp:10.0.2.1:4600-chardev:charchannel0"}],"id":"channel0"}',
  ],
])('%s', (devices, expected) => {
  expect(args(devices).filter(line => line.startsWith('-device') || !line.startsWith('-chardev'))).toContain(expected);
});

test('a console that is the first serial line adds nothing, whatever the number of the line', () => {
  const devices = "<serial type='null'/><serial type='null'><target port='0'/></serial><console type='null'/>";
  expect(args(devices).filter(line => line.startsWith('-device'))).toEqual([
    '-device isa-serial,chardev=charserial0,id=serial0,index=1',
    '-device isa-serial,chardev=charserial1,id=serial1,index=0',
  ]);
});

test('virtio consoles come after the channels, which name their ports', () => {
  const devices = `<console type='null'><target type='virtio'/></console>
    <channel type='null'><target type='virtio' name='a'/></channel>`;
  expect(args(devices).map(line => line.replace(/,.*/, ''))).toEqual([
    '-chardev null',
    '-device virtserialport',
    '-chardev null',
    '-device virtconsole',
  ]);
});

test.each<[string, string]>([
  ["<console type='null'><target type='xen'/></console>", "console: QEMU has none of target type 'xen'"],
  ["<channel type='null'><target type='xen'/></channel>", 'channel: one to Xen needs Xen'],
  [
    "<serial type='nmdm'><source master='/dev/a' slave='/dev/b'/></serial>",
    "<serial type='nmdm'>: QEMU on Linux has no null modem",
  ],
  ["<serial type='spicevmc'/>", "<serial type='spicevmc'>: it is for channels"],
  [
    "<channel type='spicevmc'><target type='virtio' name='a'/></channel>",
    "channel: 'spicevmc' has the name 'com.redhat.spice.0'",
  ],
  [
    "<channel type='spicevmc'><target type='guestfwd' address='10.0.2.1' port='1'/></channel>",
    "channel: 'spicevmc' is for virtio ports",
  ],
])('%s is refused', (devices, why) => {
  expect(() => args(devices)).toThrow(`cannot give domain 'demo' its ${why}`);
});
