import {expect, test} from 'vitest';
import {domainFromNative} from '../../src/driver/argv-parse/from-native.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';

function xml(domainType: string, osType: string): string {
  return `<domain type='${domainType}'><name>pv</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
    <bootloader>/usr/bin/pygrub</bootloader>
    <os><type arch='x86_64' machine='xenner'>${osType}</type></os></domain>`;
}

function parse(text: string) {
  return parseDomain(text, {newUuid: () => '6695eb01-f6a4-8304-79aa-97f2502e1932', newMac: () => '52:54:00:00:00:01'});
}

test.each([
  ['xen', 'xen'],
  ['kvm', 'xen'],
  ['xen', 'linux'],
])('a domain of type %s with the OS type %s is a paravirtual guest', (domainType, osType) => {
  const {def} = parse(xml(domainType, osType));
  expect(def).toMatchObject({type: domainType, os: {type: 'xen', machine: 'xenner'}, bootloader: '/usr/bin/pygrub'});
  const printed = def ? formatDomain(def) : '';
  expect(printed).toContain(`<domain type='${domainType}'>`);
  expect(printed).toContain("<type arch='x86_64' machine='xenner'>xen</type>");
  expect(parse(printed).def).toEqual(def);
});

test.each([
  ['xen', 'hvm', "a domain of type 'xen' has the OS type 'xen'"],
  ['qemu', 'xen', "a domain of the OS type 'xen' runs on KVM"],
  ['kvm', 'linux', "'linux'"],
])('a domain of type %s with the OS type %s is refused', (domainType, osType, message) => {
  const {def, problems} = parse(xml(domainType, osType));
  expect(def).toBeUndefined();
  expect(problems.map(problem => problem.message).join('\n')).toContain(message);
});

test('a command line of xenner is such a guest', () => {
  const {def} = domainFromNative('/usr/bin/xenner -M xenner -m 64 -bootloader /usr/bin/pygrub -hda /d.img');
  expect(def).toMatchObject({
    type: 'kvm',
    os: {type: 'xen', arch: 'x86_64', machine: 'xenner', boot: []},
    bootloader: '/usr/bin/pygrub',
    emulator: '/usr/bin/xenner',
  });
});
