import {expect, test} from 'vitest';
import {formatProblem} from '../../src/base/problem.ts';
import {domainFromNative} from '../../src/driver/argv-parse/from-native.ts';

function errorsOf(options: string): readonly string[] {
  const {problems} = domainFromNative(`/usr/bin/qemu ${options}`);
  return problems.filter(({severity}) => severity === 'error').map(formatProblem);
}

test.each([
  ['-drive if=ide', 'line 1, column 15: the disk of -drive has no image: file= is missing'],
  ['-device ide-hd', 'line 1, column 15: the disk of -device has no image: drive= is missing'],
  [
    '-drive if=ide,file=rbd:',
    "line 1, column 15: 'if=ide,file=rbd:' of -drive: 'rbd:' does not name an image as its protocol wants it",
  ],
  ['-numa {"a":{', 'this is no JSON object: a string is missing (at its character 7)'],
  ['-M a/b', "line 1, column 15: the machine 'a/b' is no name: only letters, digits, '_', '.' and '-' are allowed"],
  ['-m 17179869184G', "'17179869184G' of -m is no amount of memory"],
  [
    `-drive if=virtio,index=702,file=/a`,
    "of -drive: drive 702 of the bus 'virtio' has no name in the XML, where the last is 701",
  ],
])('%s is an error once, since a domain cannot be like this', (options, message) => {
  expect(errorsOf(options)).toEqual([expect.stringContaining(message)]);
});

test.each(['-drive if=ide,media=cdrom', '-device ide-cd', '-device floppy', '-fda /a'])(
  '%s needs no image',
  options => {
    expect(errorsOf(options)).toEqual([]);
  },
);

test('what reading the XML would refuse is an error without a place', () => {
  expect(errorsOf('-device virtio-blk,drive=a -drive if=none,id=a,file=/a,serial="a\nb"')).toEqual([
    expect.stringMatching(/^a domain cannot be like this: /),
  ]);
});

test('the version of the machine that Proxmox VE adds is told and left out', () => {
  const {def, problems, notes} = domainFromNative('/usr/bin/kvm -nodefaults -machine type=pc-i440fx-9.0+pve1');
  expect([def?.os.machine, problems]).toEqual(['pc-i440fx-9.0', []]);
  expect(notes.map(formatProblem)).toEqual([
    "line 1, column 26: -machine: '+pve1' is of an emulator that is changed: the machine is that of all others",
  ]);
});

test('a relative path is warned about, and the XML is there to be completed', () => {
  const {def, problems} = domainFromNative('./qemu -kernel k');
  expect(def).toBeDefined();
  expect(problems.map(formatProblem)).toEqual([expect.stringContaining("'k' of -kernel is a relative path")]);
});

test('processors that are no set keep the cells as they are, so that the emulator tells', () => {
  const {def} = domainFromNative('/usr/bin/qemu -m 16 -numa node,cpus=0-1,cpus=3-2');
  expect([def?.cpu?.numa, def?.qemu?.commandline?.args]).toEqual([undefined, ['-numa', 'node,cpus=0-1,cpus=3-2']]);
});

test.each([
  [['-drive', 'file=/a,if=ide,l2-cache-size=1M']],
  [['-drive', 'file=/a,if=none,id=a,l2-cache-size=1M', '-device', 'virtio-blk-pci,drive=a,serial=x']],
  [['-drive', 'file=/a,if=pflash,l2-cache-size=1M']],
])('a drive that says more than the XML can is kept, with its device: %s', words => {
  const {def, problems} = domainFromNative(`/usr/bin/qemu ${words.join(' ')}`);
  expect([def?.os.loader, def?.devices.filter(({kind}) => kind === 'disk')]).toEqual([undefined, []]);
  expect(def?.qemu?.commandline?.args).toEqual(words);
  expect(problems.map(formatProblem)).toContain(
    `line 1, column 15: '${words.slice(0, 2).join(' ')}' is kept as <qemu:arg>: the domain XML has no word for 'l2-cache-size=1M'`,
  );
});
