import {describe, expect, test} from 'vitest';
import type {Capabilities, EmulatorCaps} from '../../src/model/capabilities.ts';
import {guestOffers} from '../../src/model/guest-offers.ts';
import {CAPABILITIES, caps, WITH_KVM} from './sample-capabilities.ts';

type Found = readonly (readonly [path: string, arch: string, more?: Partial<EmulatorCaps>])[];

function offersOf(found: Found, base: Capabilities = WITH_KVM): readonly string[] {
  const emulators = found.map(([path, arch, more]) => ({path, status: 'ok' as const, caps: caps(arch, more)}));
  return guestOffers({...base, emulators}).map(({osType, arch, emulator, domains}) => {
    const types = domains.map(({type, emulator: own}) => (own ? `${type}=${own.path}` : type));
    return `${osType} ${arch} ${emulator.path} ${types.join(' ')}`;
  });
}

const NO_KVM = {kvmBuiltIn: false};

describe('the guests that a host offers', () => {
  test('have the emulator of the usual name, in libvirt’s order of architectures', () => {
    const found: Found = [
      ['/opt/bin/my-qemu', 'x86_64', NO_KVM],
      ['/usr/bin/qemu-system-aarch64', 'aarch64'],
      ['/usr/bin/qemu-system-i386', 'i686'],
      ['/usr/bin/qemu-system-x86_64', 'x86_64'],
      ['/usr/bin/qemu-system-x86_64-microvm', 'x86_64'],
      ['/usr/bin/qemu-system-avr', 'avr'],
    ];
    expect(offersOf(found)).toEqual([
      'hvm aarch64 /usr/bin/qemu-system-aarch64 qemu',
      'hvm i686 /usr/bin/qemu-system-i386 qemu kvm',
      'hvm x86_64 /usr/bin/qemu-system-x86_64 qemu kvm',
    ]);
  });

  test('have also the architectures that an emulator runs beside its own', () => {
    const found: Found = [
      ['/usr/bin/qemu-system-arm', 'armv7l'],
      ['/usr/bin/qemu-kvm', 'x86_64'],
      ['/usr/bin/qemu-system-ppc64', 'ppc64'],
    ];
    expect(offersOf(found)).toEqual([
      'hvm armv6l /usr/bin/qemu-system-arm qemu',
      'hvm armv7l /usr/bin/qemu-system-arm qemu',
      'hvm i686 /usr/bin/qemu-kvm qemu kvm',
      'hvm ppc64 /usr/bin/qemu-system-ppc64 qemu',
      'hvm ppc64le /usr/bin/qemu-system-ppc64 qemu',
      'hvm x86_64 /usr/bin/qemu-kvm qemu kvm',
    ]);
  });

  test('run on KVM with an emulator of its own where the usual one has none', () => {
    const found: Found = [
      ['/usr/bin/qemu-kvm', 'x86_64'],
      ['/usr/bin/qemu-system-x86_64', 'x86_64', NO_KVM],
    ];
    const kvm = 'hvm x86_64 /usr/bin/qemu-system-x86_64 qemu kvm=/usr/bin/qemu-kvm';
    expect(offersOf(found)).toContain(kvm);
    expect(offersOf(found, CAPABILITIES)).toContain('hvm x86_64 /usr/bin/qemu-system-x86_64 qemu');
  });

  test('are kernels for Xen where xenner and KVM are there', () => {
    const xenner: Found = [['/usr/bin/xenner', 'x86_64']];
    expect(offersOf(xenner)).toEqual(['xen x86_64 /usr/bin/xenner kvm xen']);
    expect(offersOf(xenner, CAPABILITIES)).toEqual([]);
  });
});
