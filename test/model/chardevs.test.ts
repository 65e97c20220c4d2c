import {describe, expect, test} from 'vitest';
import {formatDomain} from '../../src/model/format-domain.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {domainXml, messagesOf, readDomain} from './read-domain.ts';

const pty = {type: 'pty'};

function devicesOf(devices: string, options: {readonly live?: boolean} = {}) {
  return readDomain(domainXml({devices}), options).devices;
}

function deviceMessages(devices: string): readonly string[] {
  return messagesOf(domainXml({devices}));
}

describe('serial lines and consoles', () => {
  test('of every type are read', () => {
    const xml = `<serial type='pty'/><serial type='file'><source path='/s' append='on'/><log file='/l' append='off'/></serial>
      <serial type='null'><target type='isa-serial' port='5'><model name='isa-serial'/></target></serial>
      <console type='pty'><target type='serial'/></console><console type='pty'><target type='virtio'/></console>`;
    expect(deviceMessages(xml)).toEqual([]);
    expect(devicesOf(xml)).toEqual([
      {kind: 'serial', source: pty, port: 6},
      {kind: 'serial', source: {type: 'file', path: '/s', append: true}, log: {file: '/l', append: false}, port: 7},
      {kind: 'serial', source: {type: 'null'}, port: 5},
      {kind: 'console', targetType: 'serial', source: pty, port: 0},
      {kind: 'console', targetType: 'virtio', source: pty, port: 1},
    ]);
  });

  test('a lone console is a serial line', () => {
    expect(devicesOf("<console type='pty'/>")).toEqual([
      {kind: 'serial', source: pty, port: 0},
      {kind: 'console', targetType: 'serial', source: pty, port: 0},
    ]);
  });

  test('a lone serial line is a console', () => {
    expect(devicesOf("<serial type='null'><log file='/l'/></serial>")).toEqual([
      {kind: 'serial', source: {type: 'null'}, log: {file: '/l'}, port: 0},
      {kind: 'console', targetType: 'serial', source: {type: 'null'}, log: {file: '/l'}, port: 0},
    ]);
  });

  test('a lone virtio console makes no serial line', () => {
    expect(devicesOf("<console type='pty'><target type='virtio'/></console>")).toHaveLength(1);
  });

  test('what the console says against its serial line is ignored with a warning', () => {
    const xml = "<serial type='file'><source path='/s'/></serial><console type='pty'/>";
    expect(deviceMessages(xml)).toEqual([
      "warning: the first console is the first serial line: its type is 'file', not 'pty'",
    ]);
    expect(devicesOf(xml)[1]).toMatchObject({kind: 'console', source: {type: 'file', path: '/s'}});
  });

  test.each([
    ['<serial/>', "error: <serial> has no type: write <serial type='pty'>"],
    ["<serial type='file'/>", "error: <serial> is not complete: <source path='PATH'/> is missing"],
    ["<serial type='pty'><log/></serial>", "error: <log> is not complete: file='PATH' is missing"],
    [
      "<serial type='pty'><log file='l'/></serial>",
      "error: attribute 'file' of <log> is 'l': it must be an absolute path: begin it with '/'",
    ],
    [
      "<serial type='pty'><target port='-2'/></serial>",
      "error: attribute 'port' of <target> is '-2': it must be a whole number from -1 to 2147483647",
    ],
    [
      "<serial type='pty'><target port='1'/></serial><serial type='pty'><target port='1'/></serial>",
      'warning: two serial lines have the port 1: the emulator will refuse the second',
    ],
    [
      "<console type='pty'/><console type='pty'/>",
      "error: only the first console can be a serial line: give this one <target type='virtio'/>",
    ],
    [
      "<serial type='nmdm'><source master='/dev/a' slave='/dev/b'/></serial>",
      "warning: <serial type='nmdm'> is kept in the definition, but the guest does not get it yet",
    ],
    [
      "<console type='pty'><target type='tea'/></console>",
      "error: attribute 'type' of <target> is 'tea': it must be one of 'serial', 'virtio', 'xen', 'uml', 'lxc', 'openvz', 'sclp', 'sclplm'",
    ],
    [
      "<serial type='udp'><source mode='bind' host='a' service='1'/></serial>",
      "error: <serial type='udp'> does not say which port to send to: <source mode='connect' service='N'/>",
    ],
    [
      "<serial type='unix'><source mode='bind' path='/s'><reconnect enabled='yes' timeout='1'/></source></serial>",
      "error: only a line that connects can do so again: it needs mode='connect'",
    ],
    [
      "<channel type='spiceport'><source channel='a,b'/><target type='virtio'/></channel>",
      "error: attribute 'channel' of <source> is 'a,b': it must be a name of letters, digits, '.', '_' and '-'",
    ],
    [
      "<serial type='pty'><target type='usb-serial'><model name='pl011'/></target></serial>",
      "error: a serial line of type 'usb-serial' is no 'pl011', but usb-serial",
    ],
  ])('%s is answered with a problem', (xml, message) => {
    expect(deviceMessages(xml)).toEqual([message]);
  });
});

describe('the XML of a running domain', () => {
  const live = `<serial type='pty'><source path='/dev/pts/3'/><target type='isa-serial' port='0'/><alias name='serial0'/></serial>
    <console type='pty' tty='/dev/pts/3'><source path='/dev/pts/3'/><target type='serial' port='0'/><alias name='serial0'/></console>
    <disk type='file'><source file='/a' index='1'/><backingStore/><target dev='hda' bus='ide'/><alias name='ide0-0-0'/></disk>
    <graphics type='vnc' port='5901' autoport='yes'/>`;

  test('can be defined without a warning: what the emulator chose is left out', () => {
    expect(deviceMessages(live)).toEqual([]);
    expect(devicesOf(live)).toMatchObject([
      {kind: 'disk'},
      {kind: 'serial', source: pty},
      {kind: 'console', source: pty},
      {kind: 'graphics', port: -1},
    ]);
    expect(JSON.stringify(devicesOf(live))).not.toContain('alias');
  });

  test('can be read back with what the emulator chose', () => {
    expect(devicesOf(live, {live: true})).toMatchObject([
      {alias: 'ide0-0-0'},
      {alias: 'serial0', source: {path: '/dev/pts/3'}},
      {alias: 'serial0', source: {path: '/dev/pts/3'}},
      {port: 5901, autoport: true},
    ]);
  });

  test('an alias that the user chose stays', () => {
    const def = readDomain(domainXml({devices: "<serial type='pty'><alias name='ua-mine'/></serial>"}));
    expect(formatDomain(def)).toContain("<alias name='ua-mine'/>");
    expect(assignAliases(def).devices).toMatchObject([{alias: 'ua-mine'}, {alias: 'ua-mine'}]);
  });
});
