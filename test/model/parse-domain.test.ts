import {describe, expect, test} from 'vitest';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {domainXml, messagesOf, NEW_MAC, NEW_UUID, OPTIONS, problemsOf, readDomain} from './read-domain.ts';

describe('defaults', () => {
  test('complete a minimal domain as libvirt does', () => {
    expect(
      readDomain("<domain type='kvm'><name>a</name><memory>1024</memory><os><type>hvm</type></os></domain>"),
    ).toEqual({
      type: 'kvm',
      name: 'a',
      uuid: NEW_UUID,
      memoryKiB: 1024n,
      currentMemoryKiB: 1024n,
      vcpus: 1,
      os: {type: 'hvm', arch: 'x86_64', boot: ['hd'], biosUseSerial: false},
      features: {acpi: false, apic: false, pae: false},
      clock: {offset: 'utc'},
      onPoweroff: 'destroy',
      onReboot: 'restart',
      onCrash: 'destroy',
      devices: [],
    });
  });

  test('a UUID and a MAC address are asked for only where they are missing', () => {
    const refuse = () => {
      throw new Error('asked');
    };
    const xml = domainXml({
      more: '<uuid>C7A5FDBDEDAF9455926AD65C16DB1809</uuid>',
      devices: "<interface type='user'><mac address='52:54:00:AB:CD:EF'/></interface>",
    });
    const def = readDomain(xml, {newUuid: refuse, newMac: refuse});
    expect(def.uuid).toBe('c7a5fdbd-edaf-9455-926a-d65c16db1809');
    expect(def.devices).toEqual([{kind: 'interface', type: 'user', mac: '52:54:00:ab:cd:ef'}]);
  });

  test('an architecture is needed where the caller has no default', () => {
    const {def, problems} = parseDomain(domainXml(), {newUuid: () => NEW_UUID, newMac: () => NEW_MAC});
    expect(def).toBeUndefined();
    expect(problems[0]?.message).toContain("<type arch='x86_64'>");
  });
});

describe('every part that is understood', () => {
  test('is read without a problem', () => {
    const xml = domainXml({
      attributes: "type='qemu' id='7'",
      memory: "<memory unit='GiB'>1</memory><currentMemory unit='MiB'>512</currentMemory>",
      os: `<os><type arch='ppc' machine='g3beige'>hvm</type><loader readonly='yes' type='pflash'>/fw</loader>
        <kernel>/k</kernel><initrd>/i</initrd><cmdline>console=ttyS0 a=1,b</cmdline>
        <boot dev='cdrom'/><boot dev='network'/><bios useserial='yes'/></os>`,
      more: `<title>T</title><description>line 1\nline 2</description><vcpu placement='static'>4</vcpu>
        <features><acpi/><apic/><pae/></features><clock offset='variable' adjustment='-3600' basis='utc'/>
        <on_poweroff>preserve</on_poweroff><on_reboot>destroy</on_reboot><on_crash>coredump-destroy</on_crash>`,
      devices: '<emulator>/usr/bin/qemu</emulator>',
    });
    expect(problemsOf(xml)).toEqual([]);
    expect(readDomain(xml)).toMatchObject({
      title: 'T',
      description: 'line 1\nline 2',
      memoryKiB: 1048576n,
      currentMemoryKiB: 524288n,
      vcpus: 4,
      os: {
        arch: 'ppc',
        machine: 'g3beige',
        loader: {path: '/fw', type: 'pflash', readonly: true},
        kernel: '/k',
        initrd: '/i',
        cmdline: 'console=ttyS0 a=1,b',
        boot: ['cdrom', 'network'],
        biosUseSerial: true,
      },
      features: {acpi: true, apic: true, pae: true},
      clock: {offset: 'variable', adjustmentSeconds: -3600},
      onPoweroff: 'preserve',
      onReboot: 'destroy',
      onCrash: 'coredump-destroy',
      emulator: '/usr/bin/qemu',
    });
  });

  test('includes the clock attribute of the old days', () => {
    expect(readDomain(domainXml({more: '<clock sync="localtime"/>'})).clock).toEqual({offset: 'localtime'});
  });
});

describe('memory', () => {
  test.each([
    ['<memory>2048</memory>', 2048n],
    ["<memory unit='b'>1025</memory>", 2n],
    ["<memory unit='bytes'>1024</memory>", 1n],
    ["<memory unit='KB'>1</memory>", 1n],
    ["<memory unit='k'>3</memory>", 3n],
    ["<memory unit='MB'>1</memory>", 977n],
    ["<memory unit='mib'>1</memory>", 1024n],
    ["<memory unit='G'>2</memory>", 2097152n],
    ["<memory unit='TiB'>1</memory>", 1073741824n],
    ["<memory unit='PB'>1</memory>", 976562500000n],
    ["<memory unit='EiB'>15</memory>", 15n << 50n],
  ])('%s is so many KiB, rounded up', (memory, kib) => {
    expect(readDomain(domainXml({memory})).memoryKiB).toBe(kib);
  });

  test.each([
    ['', "error: the domain has no memory: <memory unit='MiB'>512</memory> or the like is missing"],
    ['<memory>0</memory>', 'error: the memory is 0: the domain needs some'],
    ['<memory>-1</memory>', "error: <memory> is '-1': it must be a whole number"],
    ['<memory>1.5</memory>', "error: <memory> is '1.5': it must be a whole number"],
    ["<memory unit='EiB'>16</memory>", 'error: <memory> is 16 EiB: that is more than 64 bits of bytes'],
  ])('%j is refused', (memory, message) => {
    expect(messagesOf(domainXml({memory}))).toEqual([message]);
  });

  test('bounds the current memory', () => {
    const memory = '<memory>1024</memory><currentMemory>9000</currentMemory>';
    expect(readDomain(domainXml({memory})).currentMemoryKiB).toBe(1024n);
    expect(messagesOf(domainXml({memory}))).toEqual([
      'warning: the current memory 9000 KiB exceeds the memory 1024 KiB, which counts',
    ]);
  });

  test('need not be said where there are NUMA cells', () => {
    const cells = "<cpu><numa><cell memory='1' unit='MiB' cpus='0'/><cell memory='512'/></numa></cpu>";
    const devices = "<memory model='dimm'><target><size unit='KiB'>100</size><node>0</node></target></memory>";
    const def = readDomain(domainXml({memory: '', more: cells, devices}));
    expect([def.memoryKiB, def.currentMemoryKiB]).toEqual([1636n, 1636n]);
  });

  test('an unknown unit is refused with the list of units', () => {
    const [message] = problemsOf(domainXml({memory: "<memory unit='XiB'>1</memory>"}));
    expect(message).toMatch(/^error: line 1, column 46: unknown unit 'XiB' of <memory>: the units are 'KiB', 'MiB'/);
  });

  test('a current memory that is too much by a rounding only is cut', () => {
    const memory = '<memory>1024</memory><currentMemory>1025</currentMemory>';
    expect(readDomain(domainXml({memory})).currentMemoryKiB).toBe(1024n);
  });
});

describe('a name', () => {
  test.each([
    ['', 'error: the domain has no name: <name> is missing'],
    ['<name/>', 'error: the name of the domain is empty'],
    ['<name>../etc</name>', "error: the name '../etc' of the domain contains '/'"],
    ['<name>a\nb</name>', 'error: the name "a\\nb" of the domain contains a control character or line break'],
    ['<name>a&#x9b;b</name>', 'error: the name "a\u009bb" of the domain contains a control character or line break'],
  ])('%j is refused', (name, message) => {
    expect(messagesOf(domainXml({name}))).toEqual([message]);
  });

  test('may be too long for a file', () => {
    expect(messagesOf(domainXml({name: `<name>${'ü'.repeat(50)}</name>`}))).toEqual([
      `error: the name '${'ü'.repeat(40)}...' of the domain is too long: it takes 300 bytes in a file name, 223 are allowed`,
    ]);
  });

  test.each(['it\'s <&> "x"', '..', '-rf', 'ünïcode 虚拟', ' a '])('%j is taken as it is', name => {
    const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    expect(readDomain(domainXml({name: `<name>${escaped}</name>`})).name).toBe(name);
  });
});

describe('an error quotes what was found and names what is allowed:', () => {
  test.each([
    [{attributes: ''}, "error: the domain has no type: write <domain type='qemu'> or 'kvm'"],
    [
      {attributes: "type='lxc'"},
      "error: attribute 'type' of <domain> is 'lxc': it must be one of 'qemu', 'kvm', 'xen'",
    ],
    [{os: ''}, 'error: the domain has no OS type: <os><type>hvm</type></os> is missing'],
    [{os: '<os><type>linux</type></os>'}, "error: the OS type is 'linux': it must be one of 'hvm', 'xen'"],
    [
      {os: "<os><type arch='z80'>hvm</type></os>"},
      "error: unknown architecture 'z80': libvirt's names are like 'x86_64', 'i686', 'ppc64'",
    ],
    [
      {os: "<os><type>hvm</type><boot dev='usb'/></os>"},
      "error: attribute 'dev' of <boot> is 'usb': it must be one of 'fd', 'hd', 'cdrom', 'network'",
    ],
    [{os: '<os><type>hvm</type><boot/></os>'}, "error: <boot> names no device: write <boot dev='hd'/> or the like"],
    [
      {os: '<os><type>hvm</type><kernel>vmlinuz</kernel></os>'},
      "error: 'vmlinuz' of <kernel> is not an absolute path: begin it with '/'",
    ],
    [{more: '<uuid>12</uuid>'}, "error: '12' is not a UUID: it must have 32 hexadecimal digits"],
    [{more: '<vcpu>0</vcpu>'}, "error: <vcpu> is '0': it must be a whole number from 1 to 65535"],
    [
      {more: "<clock offset='moon'/>"},
      "error: attribute 'offset' of <clock> is 'moon': it must be one of 'utc', 'localtime', 'variable', 'timezone', 'absolute'",
    ],
    [
      {more: '<on_reboot>explode</on_reboot>'},
      "error: <on_reboot> is 'explode': it must be one of 'destroy', 'restart', 'preserve', 'rename-restart'",
    ],
    [
      {more: '<on_crash>explode</on_crash>'},
      "error: <on_crash> is 'explode': it must be one of 'destroy', 'restart', 'preserve', 'rename-restart', 'coredump-destroy', 'coredump-restart'",
    ],
    [{devices: '<emulator>qemu</emulator>'}, "error: 'qemu' of <emulator> is not an absolute path: begin it with '/'"],
  ])('%j', (parts, message) => {
    expect(messagesOf(domainXml(parts)).filter(found => found.startsWith('error'))).toEqual([message]);
  });
});

describe('what is not understood, or not given to the guest yet,', () => {
  test('is a warning at its place, in the order of the text', () => {
    const xml = [
      "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>",
      '  <name>a</name>',
      '  <memory>1024</memory>',
      '  <vcpu placement="static" cpuset="1-3">1</vcpu>',
      '  <os><type>hvm</type><bootmenu enable="yes"/></os>',
      '  <devices>',
      "    <lease><lockspace>l</lockspace><key>k</key><target path='/t'/></lease>",
      "    <interface type='internal'><source name='default'/></interface>",
      "    <graphics type='vnc'><listen type='network'/></graphics>",
      "    <teapot type='x'/>",
      '  </devices>',
      '  <name>b</name>',
      '</domain>',
    ].join('\n');
    const kept = 'is kept in the definition, but the guest does not get it yet';
    expect(problemsOf(xml)).toEqual([
      `warning: line 4, column 28: attribute 'cpuset' of <vcpu> ${kept}`,
      `warning: line 7, column 5: <lease> ${kept}`,
      `warning: line 8, column 16: <interface type='internal'> ${kept}`,
      `warning: line 9, column 26: <listen type='network'> ${kept}`,
      "warning: line 10, column 5: <teapot type='x'> is not understood yet: it is ignored and will not be saved",
      'warning: line 12, column 3: there is a second <name> in <domain>: only the first counts, this one will not be saved',
    ]);
    expect(readDomain(xml).name).toBe('a');
  });
});

describe('many errors', () => {
  test('are all told, with line and column, and nothing is defined', () => {
    const xml = [
      "<domain type='lxc'>",
      '  <memory unit="bushel">x</memory>',
      '  <devices>',
      "    <disk type='file'><source file='/a'/></disk>",
      "    <disk type='network'/>",
      '  </devices>',
      '</domain>',
    ].join('\r\n');
    const {def, problems} = parseDomain(xml, OPTIONS);
    expect(def).toBeUndefined();
    expect(problems.map(({line, column}) => [line, column])).toEqual([
      [1, 1],
      [1, 1],
      [1, 9],
      [2, 3],
      [2, 11],
      [4, 5],
      [5, 5],
    ]);
  });

  test('begin with another root', () => {
    expect(messagesOf("<network type='qemu'/>")[0]).toBe('error: the root element is <network>, expected <domain>');
  });

  test('of the XML itself come alone', () => {
    expect(problemsOf('<domain>')).toEqual([
      'error: line 1, column 9: the text ends here, inside <domain> of line 1: it is cut off',
    ]);
  });
});
