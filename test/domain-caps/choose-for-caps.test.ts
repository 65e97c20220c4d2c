import {describe, expect, test} from 'vitest';
import {archFor, checkQuery, domainTypeFor, machineFor} from '../../src/driver/domain-caps/choose-for-caps.ts';
import {CAPABILITIES, caps, WITH_KVM} from '../model/sample-capabilities.ts';

const EMULATOR = {path: '/usr/bin/qemu-system-x86_64', caps: caps('x86_64')};
const PPC = {path: '/usr/bin/qemu-system-ppc', caps: caps('ppc', {kvmBuiltIn: false})};
const XENNER = {path: '/usr/bin/xenner', caps: caps('x86_64', {kvmBuiltIn: false})};
const [NO_KVM, KVM] = [CAPABILITIES.host, WITH_KVM.host];

describe('a question about domains', () => {
  test('names architectures and types that libvirt knows', () => {
    expect(() => checkQuery({arch: 'foo'})).toThrow('unknown architecture: foo');
    expect(() => checkQuery({domainType: 'foo'})).toThrow('unknown virttype: foo');
    expect(() => checkQuery({arch: 's390x', domainType: 'lxc'})).not.toThrow();
  });

  test('is about what the emulator runs', () => {
    expect([archFor({}, PPC), archFor({arch: 'i686'}, EMULATOR)]).toEqual(['ppc', 'i686']);
    expect(() => archFor({arch: 'ppc64'}, PPC)).toThrow(
      "Emulator '/usr/bin/qemu-system-ppc' does not support arch 'ppc64'",
    );
  });

  test('is about KVM where that can be used and nothing else is said', () => {
    expect(domainTypeFor({}, 'x86_64', EMULATOR, KVM)).toBe('kvm');
    expect(domainTypeFor({domainType: 'qemu'}, 'x86_64', EMULATOR, KVM)).toBe('qemu');
    expect(domainTypeFor({}, 'x86_64', EMULATOR, NO_KVM)).toBe('qemu');
    expect(domainTypeFor({domainType: 'xen'}, 'x86_64', XENNER, KVM)).toBe('xen');
  });

  test('says why there is no KVM', () => {
    const hint = (arch: string, emulator: typeof EMULATOR, host: typeof KVM) => {
      try {
        return domainTypeFor({domainType: 'kvm'}, arch, emulator, host);
      } catch (error) {
        return error;
      }
    };
    const message = `the accel 'kvm' is not supported by '${EMULATOR.path}' on this host`;
    expect(hint('x86_64', EMULATOR, NO_KVM)).toMatchObject({code: 'INVALID_ARG', message, hint: 'no /dev/kvm'});
    expect(hint('ppc', PPC, KVM)).toMatchObject({hint: 'this emulator is built without KVM'});
    const arm = {path: '/usr/bin/qemu-system-aarch64', caps: caps('aarch64')};
    expect(hint('aarch64', arm, KVM)).toMatchObject({hint: 'KVM runs guests of x86_64 here, not of aarch64'});
    expect(() => domainTypeFor({domainType: 'xen'}, 'x86_64', EMULATOR, KVM)).toThrow(
      `Emulator '${EMULATOR.path}' does not support virt type 'xen'`,
    );
  });

  test('is about a board under its own name', () => {
    expect(machineFor({machine: 'pc'}, EMULATOR)?.name).toBe('pc-i440fx-7.2');
    expect(machineFor({}, EMULATOR)?.name).toBe('pc-i440fx-7.2');
    expect(() => machineFor({machine: 'nope'}, EMULATOR)).toThrow(
      `the machine 'nope' is not supported by emulator '${EMULATOR.path}'`,
    );
    const board = {isDefault: false, deprecated: false, maxCpus: 1};
    const arm = {
      path: '/usr/bin/qemu-system-aarch64',
      caps: caps('aarch64', {
        machines: [
          {...board, name: 'akita'},
          {...board, name: 'virt', aliasOf: 'virt-7.2'},
          {...board, name: 'virt-7.2'},
        ],
      }),
    };
    expect(machineFor({}, arm)?.name).toBe('virt-7.2');
    expect(machineFor({}, {...arm, caps: caps('aarch64', {machines: []})})).toBeUndefined();
  });
});
