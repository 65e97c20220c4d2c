import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {capsOfHelpText} from '../../src/driver/emulators/help-caps.ts';
import {readHelpText} from '../../src/driver/emulators/help-text.ts';
import type {HelpFlag} from '../../src/model/capabilities.ts';

const CORPUS = process.env.VIRTTY_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus');
const FOLDER = join(CORPUS, 'qemuhelp');
const skipped = existsSync(FOLDER) ? undefined : 'no corpus folder: set VIRTTY_CORPUS';

/** libvirt's names of the flags that both programs know. `VGA_QXL` is not among them: libvirt 3 drops it where there is a qxl device too. */
const LIBVIRT_NAMES: Readonly<Record<string, HelpFlag>> = {
  NO_REBOOT: 'no-reboot',
  KQEMU: 'no-kqemu',
  KVM: 'no-kvm',
  ENABLE_KVM: 'enable-kvm',
  NAME: 'name',
  NAME_PROCESS: 'name-process',
  UUID: 'uuid',
  DOMID: 'domid',
  SMP_TOPOLOGY: 'smp-topology',
  BOOT_MENU: 'boot-menu',
  MEM_PATH: 'mem-path',
  RTC: 'rtc',
  DRIVE: 'drive',
  DRIVE_BOOT: 'drive-boot',
  DRIVE_FORMAT: 'drive-format',
  DRIVE_SERIAL: 'drive-serial',
  DRIVE_READONLY: 'drive-readonly',
  DRIVE_CACHE_V2: 'drive-cache-v2',
  DRIVE_CACHE_UNSAFE: 'drive-cache-unsafe',
  DRIVE_CACHE_DIRECTSYNC: 'drive-cache-directsync',
  VNC_COLON: 'vnc-colon',
  SDL: 'sdl',
  VGA: 'vga',
  VGA_NONE: 'vga-none',
  PCIDEVICE: 'pcidevice',
  BALLOON: 'balloon',
  MIGRATE_KVM_STDIO: 'incoming-stdio',
  MIGRATE_QEMU_EXEC: 'incoming-exec',
  MIGRATE_QEMU_TCP: 'incoming-tcp',
};

interface Expected {
  readonly version: number;
  readonly is_kvm: boolean;
  readonly kvm_version: number;
  readonly caps: readonly string[];
  readonly error?: string;
  readonly test_commit?: string;
}

type Expectations = Readonly<Record<string, Readonly<Record<string, Expected | string>>>>;

function expectations(): readonly {readonly name: string; readonly key: string; readonly expected: Expected}[] {
  const all: Expectations = JSON.parse(readFileSync(join(FOLDER, 'expectations.json'), 'utf8'));
  return Object.entries(all).flatMap(([name, lists]) =>
    Object.entries(lists).flatMap(([key, expected]) =>
      typeof expected === 'string' || expected.error !== undefined ? [] : [{name, key, expected}],
    ),
  );
}

/** A flag that a list's own generation of libvirt no longer asked for is in none of its lists. */
function vocabulary(key: string, expected: Expected): ReadonlySet<string> {
  const peers = expectations().filter(other =>
    key === 'latest' ? other.key === key && isOld(other.expected) === isOld(expected) : other.key === key,
  );
  return new Set(peers.flatMap(({expected: {caps}}) => caps));
}

/** libvirt 3 stopped listing what every emulator since 0.12 has. */
function isOld({caps}: Expected): boolean {
  return caps.includes('NO_REBOOT');
}

function versionNumber(version: string): number {
  const [major = 0, minor = 0, micro = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1000 + micro;
}

describe.skipIf(skipped !== undefined)(`libvirt’s help texts${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
  const cases = skipped === undefined ? expectations() : [];

  test.each(cases)('$name, $key: version and KVM', ({name, expected}) => {
    const help = readHelpText(readFileSync(join(FOLDER, name), 'utf8'));
    expect(versionNumber(help.version)).toBe(expected.version);
    expect(help.isKvm).toBe(expected.is_kvm);
    expect(help.kvmSnapshot ?? 0).toBe(expected.kvm_version);
  });

  test.each(cases)('$name, $key: flags', ({name, key, expected}) => {
    const {flags} = capsOfHelpText(readFileSync(join(FOLDER, name), 'utf8'), 'x86_64');
    const known = vocabulary(key, expected);
    const compared = Object.entries(LIBVIRT_NAMES).filter(([libvirtName]) => known.has(libvirtName));
    const found = compared.filter(([, flag]) => flags.has(flag)).map(([libvirtName]) => libvirtName);
    expect(found).toEqual(compared.map(([libvirtName]) => libvirtName).filter(each => expected.caps.includes(each)));
  });
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
        capsOfHelpText(`QEMU PC emulator version 0.10.0\n${pieces.join('')}`, 'i686');
        capsOfHelpText(pieces.join(''), 'i686');
      } catch (error) {
        if (!(error instanceof VirtError)) throw error;
        expect(error.code).toBe('INVALID_ARG');
      }
    }),
  );
});
