import {VirtError} from '../../base/virt-error.ts';
import type {EmulatorCaps, EmulatorInfo, KvmStatus} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {isXenner, runsArch} from '../../model/emulator-arch.ts';

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
  if (isXenner(path) !== (def.os.type === 'xen')) {
    throw unusable(def, path, `it does not run guests of type ${def.os.type}`);
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

/** Whether a domain runs on the processor itself: those of KVM, and paravirtual ones for Xen. */
export function needsKvm(def: DomainDef): boolean {
  return def.type === 'kvm' || def.os.type === 'xen';
}

/** What an emulator that has no KVM makes of the host's. */
export function withoutKvm(path: string): KvmStatus {
  return {usable: false, why: `the emulator '${path}' is built without KVM`};
}

/**
 * Refuses hardware acceleration where there is none.
 *
 * @param kvm  how it is with the emulator that was chosen
 * @throws {VirtError} CONFIG_UNSUPPORTED with the reason
 */
export function checkAcceleration(def: DomainDef, kvm: KvmStatus): void {
  if (kvm.usable) return;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot run domain '${def.name}' with KVM: ${kvm.why}`, {
    hint:
      def.os.type === 'xen'
        ? 'a paravirtual guest for Xen runs on KVM only: give it a host where KVM works'
        : `write <domain type='qemu'> to run it in software, many times slower`,
  });
}
