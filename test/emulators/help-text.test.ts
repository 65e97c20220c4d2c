import fc from 'fast-check';
import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {FLAG_TABLE, type FlagRow, flagsOfHelp} from '../../src/driver/emulators/flags.ts';
import {capsOfHelpText} from '../../src/driver/emulators/help-caps.ts';
import {compareVersions} from '../../src/driver/emulators/help-rules.ts';
import {answersQmp, readDeviceText, readHelpText} from '../../src/driver/emulators/help-text.ts';

const COPYRIGHT = 'Copyright (c) 2003-2008 Fabrice Bellard';

test.each([
  ['QEMU PC emulator version 0.8.2,', {version: '0.8.2', isKvm: false}],
  [
    'QEMU PC emulator version 0.9.1 (kvm-83-maint-snapshot-20090205),',
    {version: '0.9.1', isKvm: true, kvmSnapshot: 83},
  ],
  ['QEMU PC emulator version 0.9.1 (kvm-72),', {version: '0.9.1', isKvm: true, kvmSnapshot: 72}],
  ['QEMU PC emulator version 0.10.50 (qemu-kvm-devel-86),', {version: '0.10.50', isKvm: true}],
  ['QEMU PC emulator version 0.10.92 (qemu-kvm-0.11.0-rc2),', {version: '0.10.92', isKvm: true}],
  ['QEMU PC emulator version 0.11.0-rc1,', {version: '0.11.0', isKvm: false}],
  ['QEMU emulator version 1.0 (qemu-kvm-1.0 Debian 1.0+dfsg-11),', {version: '1.0', isKvm: true}],
  ['QEMU emulator version 2.1.2 (Debian 1:2.1+dfsg-12+deb8u6),', {version: '2.1.2', isKvm: false}],
  ['Could not initialize KVM\nQEMU PC emulator version 0.12.1 (qemu-kvm-0.12.1.2),', {version: '0.12.1', isKvm: true}],
])('reads %j', (line, expected) => {
  const {version, isKvm, kvmSnapshot} = readHelpText(`${line} ${COPYRIGHT}\nusage: qemu\n`);
  expect({version, isKvm, ...(kvmSnapshot === undefined ? {} : {kvmSnapshot})}).toEqual(expected);
});

test('an option ends where the next one begins, and some share a line', () => {
  const {options} = readHelpText(
    `QEMU emulator version 1.0, ${COPYRIGHT}\n-fda/-fdb file  floppy\n-drive [file=file]\n       [,cache=none|unsafe]\n\n-h or -help     this\n`,
  );
  expect([...options.keys()]).toEqual(['fda', 'fdb', 'drive', 'h', 'help']);
  expect(options.get('drive')).toContain('cache=none|unsafe');
  expect(options.get('fdb')).not.toContain('cache');
});

test('reads devices and their properties, whatever stands between', () => {
  const text =
    'open /dev/kvm: No such file\nname "lsi53c895a", bus PCI, alias "lsi"\nname "SUNW,fdtwo", bus System\nvirtio-blk-pci.event_idx=on/off\nvirtio-blk-pci.scsi=on/off\n';
  expect(readDeviceText(text)).toEqual({
    devices: new Set(['lsi53c895a', 'SUNW,fdtwo']),
    deviceProperties: new Map([['virtio-blk-pci', new Set(['event_idx', 'scsi'])]]),
  });
  expect(readDeviceText('')).toEqual({devices: new Set(), deviceProperties: new Map()});
});

test('what came with a release is told by its number, or by that of a KVM snapshot', () => {
  const flagsOf = (first: string) =>
    [...capsOfHelpText(`${first}, ${COPYRIGHT}\n`, 'i686').flags].filter(flag => flag.startsWith('incoming'));
  expect(flagsOf('QEMU PC emulator version 0.9.1')).toEqual([]);
  expect(flagsOf('QEMU PC emulator version 0.9.1 (kvm-78)')).toEqual(['incoming-stdio']);
  expect(flagsOf('QEMU PC emulator version 0.9.1 (kvm-79)')).toEqual(['incoming-tcp']);
  expect(flagsOf('QEMU PC emulator version 0.10.50')).toEqual(['incoming-exec', 'incoming-tcp']);
  expect(flagsOf('QEMU PC emulator version 0.12.0')).toHaveLength(4);
});

test.each([
  ['0.13.0', true],
  ['0.14.1', false],
  ['0.15.0', false],
  ['0.15.1', true],
  ['1.0', true],
])('-no-shutdown of %s can be relied on: %s', (version, expected) => {
  const help = `QEMU emulator version ${version}, ${COPYRIGHT}\n-no-shutdown    stop before shutdown\n`;
  expect(capsOfHelpText(help, 'i686').flags.has('no-shutdown')).toBe(expected);
});

test('an emulator with -sandbox has to be asked over QMP', () => {
  expect(answersQmp(`QEMU emulator version 1.2.0, ${COPYRIGHT}\n-sandbox <arg>  Enable seccomp\n`)).toBe(true);
  expect(answersQmp(`QEMU emulator version 1.0.92, ${COPYRIGHT}\n-no-user-config\n`)).toBe(false);
});

test('every flag is found by one probe at least', () => {
  const rows: readonly (readonly [string, FlagRow])[] = Object.entries(FLAG_TABLE);
  expect(rows.filter(([, row]) => !row.qmp && !row.help).map(([flag]) => flag)).toEqual([]);
  expect(flagsOfHelp({...readHelpText('QEMU emulator version 0.8.1'), ...readDeviceText('')})).toEqual(
    new Set(['tcg', 'line-null-only']),
  );
});

test('versions are compared by their numbers', () => {
  expect(compareVersions('0.9.1', '0.10')).toBeLessThan(0);
  expect(compareVersions('1.0', '0.15.1')).toBeGreaterThan(0);
  expect(compareVersions('1.0', '1.0.0')).toBe(0);
});

test('a text of something else is refused', () => {
  expect(() => readHelpText('usage: ls [OPTION]')).toThrow("no line begins 'QEMU emulator version'");
  expect(() => readHelpText(`QEMU emulator version 0.10.0${' '.repeat(2 ** 21)}`)).toThrow('is no -help of QEMU');
});

test('any text is read or refused with a reason', () => {
  const piece = fc.oneof(fc.constantFrom('\n', '-', ' or -', '/-', 'QEMU emulator version 1.', '(kvm-'), fc.string());
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      try {
        capsOfHelpText(`QEMU PC emulator version 0.10.0\n${pieces.join('')}`, 'i686', pieces.join(''));
        capsOfHelpText(pieces.join(''), 'i686');
      } catch (error) {
        if (!(error instanceof VirtError)) throw error;
        expect(error.code).toBe('INVALID_ARG');
      }
    }),
  );
});
