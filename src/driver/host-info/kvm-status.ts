import type {KvmStatus} from '../../model/capabilities.ts';

export const KVM_DEVICE = '/dev/kvm';

const WHY: Readonly<Record<string, string>> = {
  ENOENT:
    'does not exist: the processor has no virtualisation, it is off in the firmware, or the kvm module is not loaded',
  EACCES: 'may not be opened by this user: add the user to the group that owns it (often "kvm")',
  EPERM: 'may not be opened here: a container or a device policy forbids it',
  ENXIO: 'has no driver behind it: load the module kvm_intel or kvm_amd',
  ENODEV: 'has no driver behind it: load the module kvm_intel or kvm_amd',
};

/** Reads what opening /dev/kvm gave. @param errno  the code of the refusal; undefined when it opened */
export function kvmStatus(errno: string | undefined): KvmStatus {
  if (errno === undefined) return {usable: true};
  return {usable: false, why: `${KVM_DEVICE} ${WHY[errno] ?? `cannot be opened (${errno})`}`};
}
