import {VirtError} from '../../base/virt-error.ts';
import type {EmulatorCaps, EmulatorInfo, KvmStatus} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {runsArch} from '../../model/emulator-arch.ts';

/**
 * Holds the emulator that a domain names itself against the domain.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when it could not be asked, or emulates something else
 */
export function checkExplicitEmulator(def: DomainDef, path: string, info: EmulatorInfo): EmulatorCaps {
  if (info.status !== 'ok') {
    const why = info.status === 'failed' ? info.why : 'it is still being asked';
    throw unusable(def, path, why);
  }
  if (!runsArch(info.caps.arch, def.os.arch)) {
    throw unusable(def, path, `it emulates ${info.caps.arch} and the domain is ${def.os.arch}`);
  }
  return info.caps;
}

/** The error for an emulator that a domain names and that cannot be used. `why` is a sentence without its end. */
export function unusable(def: DomainDef, path: string, why: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot use the emulator '${path}' of domain '${def.name}': ${why}`,
    {
      hint: 'correct <emulator> in the domain XML, or remove it to have one chosen',
    },
  );
}

/**
 * Refuses hardware acceleration where there is none.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED with the reason
 */
export function checkAcceleration(def: DomainDef, path: string, caps: EmulatorCaps, kvm: KvmStatus): void {
  if (def.type !== 'kvm') return;
  const why = caps.kvmBuiltIn ? (kvm.usable ? undefined : kvm.why) : `the emulator '${path}' is built without KVM`;
  if (why === undefined) return;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot run domain '${def.name}' with KVM: ${why}`, {
    hint: `write <domain type='qemu'> to run it in software, many times slower`,
  });
}
