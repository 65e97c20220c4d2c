import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formatDomain} from '../../../src/model/format-domain.ts';
import {assignAliases} from '../../../src/model/live-def.ts';
import {arbitraryDomain} from '../arbitrary-domain.ts';
import {domainXml, messagesOf} from '../read-domain.ts';

const STRICT = {validate: true};

function errorsOf(parts: Parameters<typeof domainXml>[0]): readonly string[] {
  return messagesOf(domainXml(parts), STRICT).filter(message => message.startsWith('error'));
}

describe('with validation', () => {
  test.each([
    ["<memroy unit='MiB'>1</memroy>", "error: <memroy> is not known; did you mean 'memory'?"],
    [
      "<vcpu Placement='static'>1</vcpu>",
      "error: attribute 'Placement' of <vcpu> is not known; did you mean 'placement'?",
    ],
    ['<features>on<acpi/></features>', "error: the text 'on' in <features> is not known"],
    ['<vcpu>1</vcpu><vcpu>2</vcpu>', 'error: there is a second <vcpu> in <domain>: only the first counts'],
    ['<clock/>', "error: <clock> is not complete: offset='...' is missing"],
    ["<clock offset='utc' timezone='UTC'/>", "error: <clock offset='utc'> has no attribute 'timezone'"],
    ['<cpu><feature name="vmx"/></cpu>', "error: <feature> is not complete: policy='...' is missing"],
    ['<iothreads>0x2</iothreads>', "error: <iothreads> is '0x2': it must be a decimal number from 0 to 4294967295"],
    [
      "<numatune><memory placement='auto' nodeset='1'/></numatune>",
      "error: <memory placement='auto'> has no attribute 'nodeset'",
    ],
    ['<title/>', 'error: <title> is empty: leave it out'],
    [
      "<cputune><vcpusched scheduler='fifo'/></cputune>",
      "error: <vcpusched scheduler='fifo'> is not complete: attribute 'priority' is missing",
    ],
    ['<metadata>x</metadata>', 'error: only elements may stand in <metadata>'],
    [
      "<cputune><cachetune vcpus='0'/></cputune>",
      'error: <cachetune> is not complete: <cache> or <monitor> is missing',
    ],
  ])('%s is refused', (more, message) => expect(errorsOf({more})).toEqual([message]));

  test.each([
    ['<dsk/>', "error: <dsk> is not known; did you mean 'disk'?"],
    ["<controller type='pci'/>", "error: <controller type='pci'> is not complete: attribute 'model' is missing"],
    [
      "<controller type='scsi' model='piix3-uhci'/>",
      /^error: attribute 'model' of <controller type='scsi'> is 'piix3-uhci': it must be one of 'auto'/,
    ],
    [
      "<disk type='network'><source protocol='nbd'/><target dev='vda'/></disk>",
      "error: <source protocol='nbd'> is not complete: <host> is missing",
    ],
    [
      "<disk type='network'><source protocol='nbd'><host name='a b'/></source><target dev='vda'/></disk>",
      "error: attribute 'name' of <host> is 'a b': it must be the name of a host or an IP address",
    ],
    ["<graphics type='vnc'><acpi index='1'/></graphics>", 'error: <graphics> has no <acpi>'],
    [
      "<hostdev type='usb'><source><vendor id='1'/></source></hostdev>",
      'error: <source> needs <vendor> with <product>, or an <address>',
    ],
  ])('%s is refused', (devices, message) => {
    const errors = errorsOf({devices});
    expect(errors).toHaveLength(1);
    if (message instanceof RegExp) expect(errors[0]).toMatch(message);
    else expect(errors[0]).toBe(message);
  });

  test('what the driver does not do yet is no error', () => {
    const devices =
      "<interface type='bridge'><source bridge='br0'/></interface><serial type='pty'><source host='x'/></serial>";
    expect(errorsOf({devices})).toEqual([]);
  });

  test('nothing that is printed is refused', () => {
    fc.assert(
      fc.property(arbitraryDomain, def => {
        const texts = [formatDomain(def), formatDomain(assignAliases(def), {id: 1})];
        const errors = texts.flatMap(xml => messagesOf(xml, STRICT).filter(message => message.startsWith('error')));
        expect(errors).toEqual([]);
      }),
      {numRuns: 100},
    );
  });
});

describe('without validation', () => {
  test('the same is a warning, with what was meant', () => {
    expect(messagesOf(domainXml({devices: "<sond model='ac97'/>"}))).toEqual([
      "warning: <sond> is not understood yet: it is ignored and will not be saved; did you mean 'sound'?",
    ]);
    expect(messagesOf(domainXml({more: '<clock/>'}))).toEqual([]);
  });

  test('a path that is not absolute is told where the emulator would look for it', () => {
    const devices = "<disk type='block'><source dev='sdb'/><target dev='vda'/></disk>";
    expect(messagesOf(domainXml({devices}))).toEqual([
      "warning: 'sdb' is not an absolute path: it is looked for in '/'",
    ]);
  });
});
