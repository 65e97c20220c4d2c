import {expect, test} from 'vitest';
import {isGuestProcess} from '../../src/driver/foreign/is-guest-process.ts';

const isGuest = (line: string, executable?: string) => isGuestProcess(line.split(' '), executable);

test.each([
  ['/usr/bin/qemu-system-x86_64 -m 512'],
  ['qemu-system-ppc64le -M pseries'],
  ['/usr/bin/kvm -id 100'],
  ['/usr/libexec/qemu-kvm -name guest=a'],
  ['qemu -hda disk.img'],
  ['/nix/store/x-qemu-9/bin/.qemu-system-x86_64-wrapped -m 1G'],
  ['/opt/emulator -machine q35 -accel kvm -m 2G'],
  ['/opt/emulator --drive file=a --cdrom b'],
])('%s runs a guest', line => {
  expect(isGuest(line)).toBe(true);
});

test.each([
  ['qemu-img convert -O qcow2 a b'],
  ['/usr/bin/qemu-nbd -c /dev/nbd0 a'],
  ['qemu-storage-daemon --blockdev driver=file,node-name=a,filename=b --chardev socket,id=c,path=d'],
  ['qemu-aarch64-static /bin/ls -m 1'],
  ['qemu-x86_64 ./program -M 1'],
  ['/usr/bin/qemu-ga -m virtio-serial'],
  ['/usr/libexec/qemu-bridge-helper --use-vnet --br=br0 --fd=3'],
  ['qemu-system-x86_64 -machine none -S -nodefaults -qmp unix:/tmp/probe'],
  ['qemu-system-x86_64 -M help'],
  ['qemu-system-x86_64 --version'],
  ['qemu-system-x86_64'],
  ['sudo qemu-system-x86_64 -m 512'],
  ['/bin/sh /usr/bin/kvm -drive a -machine q35'],
  ['sh -c qemu-system-x86_64 -drive a -machine q35'],
  ['virtqemud --timeout 120'],
  ['docker run --device a --cpu b --name kvm'],
  ['vim qemu-system.conf'],
  ['[kvm-pit/12]'],
  [''],
])('%s runs none', line => {
  expect(isGuest(line)).toBe(false);
});

test('what the kernel says that runs counts more than what it calls itself', () => {
  expect(isGuest('web -m 512', '/usr/bin/qemu-system-x86_64')).toBe(true);
  expect(isGuest('qemu-system-x86_64 -m 512', '/usr/bin/python3')).toBe(false);
  expect(isGuest('kvm -drive a -m 512', '/usr/bin/dash')).toBe(false);
});
