import {expect, test} from 'vitest';
import {installHint} from '../../src/driver/emulators/install-hint.ts';

test.each([
  ['x86_64', 'ID=debian', 'apt install qemu-system-x86'],
  ['ppc', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian', 'apt install qemu-system-ppc'],
  ['mips64el', 'ID=linuxmint\nID_LIKE="ubuntu debian"', 'apt install qemu-system-mips'],
  ['s390x', 'ID=debian', 'apt install qemu-system-misc'],
  ['aarch64', 'ID=fedora', 'dnf install qemu-system-aarch64'],
  ['x86_64', 'ID="rhel"\nID_LIKE="fedora"', 'dnf install qemu-kvm'],
  ['x86_64', 'ID="rocky"\nID_LIKE="rhel centos fedora"', 'dnf install qemu-kvm'],
  ['sparc', '', "install QEMU's emulator for sparc (on Debian: apt install qemu-system-sparc)"],
])('%s on %j', (arch, osRelease, hint) => {
  expect(installHint(arch, osRelease)).toBe(hint);
});
