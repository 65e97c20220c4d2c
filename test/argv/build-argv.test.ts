import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {formatCommandLine} from '../../src/driver/argv/quote-for-display.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {arbitraryDomain} from '../model/arbitrary-domain.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {argvInput} from './live-domain.ts';
import {DISK_CAPS, PLAIN_CAPS, PPC_CAPS, SPARC_CAPS, X86_CAPS} from './sample-caps.ts';

const GOLDENS = join(import.meta.dirname, 'goldens');

test.each<[string, EmulatorCaps]>([
  ['pc-minimal', X86_CAPS],
  ['pc-disks', X86_CAPS],
  ['pc-disk-images', DISK_CAPS],
  ['pc-network-disks', DISK_CAPS],
  ['pc-old-disks', PLAIN_CAPS],
  ['pc-screen', X86_CAPS],
  ['pc-consoles', X86_CAPS],
  ['pc-old-emulator', PLAIN_CAPS],
  ['q35-sata-pflash', X86_CAPS],
  ['microvm-kernel', X86_CAPS],
  ['ppc-openbios', PPC_CAPS],
  ['sparc-onboard', SPARC_CAPS],
])('%s', async (name, caps) => {
  const def = readDomain(readFileSync(join(GOLDENS, `${name}.xml`), 'utf8'));
  const line = formatCommandLine('qemu', buildArgv(argvInput(def, caps)), 1);
  await expect(`${line}\n`).toMatchFileSnapshot(join(GOLDENS, `${name}.args`));
});

test('refuses a disk on a bus that the emulator lacks, by name', () => {
  const disk = "<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>";
  const def = readDomain(domainXml({devices: disk}));
  expect(() => buildArgv(argvInput(def, SPARC_CAPS))).toThrow(
    "cannot give domain 'demo' its disk 'vda' on the virtio bus: this emulator (sparc, QEMU 7.2.22) has no virtio-blk-pci",
  );
});

test('IDE on a q35 board is refused with another bus as the hint', () => {
  const os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
  const disk = "<disk type='file' device='disk'><source file='/a'/><target dev='hda' bus='ide'/></disk>";
  const def = readDomain(domainXml({os, devices: disk}));
  expect(() => buildArgv(argvInput(def, X86_CAPS))).toThrow('a q35 board has no IDE bus');
});

test('any definition makes a command line of words, or is refused with a reason', () => {
  fc.assert(
    fc.property(arbitraryDomain, def => {
      try {
        const words = renderArgv(buildArgv(argvInput(def, X86_CAPS)));
        expect(words.slice(0, 3)).toEqual(['-name', `guest=${def.name.replaceAll(',', ',,')},debug-threads=on`, '-S']);
      } catch (error) {
        if (!(error instanceof VirtError)) throw error;
        expect(error.code).toBe('CONFIG_UNSUPPORTED');
        expect(error.hint).toBeTruthy();
      }
    }),
    {numRuns: 200},
  );
});

test('the clock of a domain with an offset is a date', () => {
  const base = (seconds: number) => {
    const clock = `<clock offset='variable' adjustment='${seconds}'/>`;
    const words = renderArgv(buildArgv(argvInput(readDomain(domainXml({more: clock})), X86_CAPS)));
    return words[words.indexOf('-rtc') + 1];
  };
  expect(base(0)).toBe('base=utc');
  expect(base(-3600)).toBe('base=2026-01-02T02:04:05');
  expect(base(86400)).toBe('base=2026-01-03T03:04:05');
});
