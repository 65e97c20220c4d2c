import type {HostTree} from '../../host/host-tree.ts';
import type {SecurityModel} from '../../model/host-detail.ts';

/** As whom the guests of an instance run. */
export interface GuestOwner {
  readonly uid: number;
  readonly gid: number;
  /** Whether guests are given users and owners of files at all: only root can. */
  readonly isPrivileged: boolean;
}

/**
 * The security models in force, as libvirt lists them: the kernel's module first, or `none`, then the owners of files
 * where the instance may change them.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_conf.c, virQEMUDriverCreateCapabilities
 */
export function readSecurityModels(tree: HostTree, owner: GuestOwner): readonly SecurityModel[] {
  const label = `+${owner.uid}:+${owner.gid}`;
  const dac: SecurityModel = {model: 'dac', labels: bothTypes(label, label)};
  return [readSelinux(tree) ?? readAppArmor(tree) ?? {model: 'none', labels: []}, ...(owner.isPrivileged ? [dac] : [])];
}

/** Undefined where the kernel has no policy loaded. The second line of the file, where there is one, is for software emulation. */
function readSelinux(tree: HostTree): SecurityModel | undefined {
  if (tree.text('/sys/fs/selinux/policyvers') === undefined) return undefined;
  const policy = /^\s*SELINUXTYPE\s*=\s*(\S+)/m.exec(tree.text('/etc/selinux/config') ?? '')?.[1] ?? 'targeted';
  const contexts = tree.text(`/etc/selinux/${policy}/contexts/virtual_domain_context`) ?? '';
  const [kvm, qemu = kvm] = contexts
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  return {model: 'selinux', labels: kvm === undefined || qemu === undefined ? [] : bothTypes(kvm, qemu)};
}

/** Its profiles are made for each guest: there is no label to begin with. */
function readAppArmor(tree: HostTree): SecurityModel | undefined {
  return tree.text('/sys/module/apparmor/parameters/enabled')?.startsWith('Y')
    ? {model: 'apparmor', labels: []}
    : undefined;
}

function bothTypes(kvm: string, qemu: string): SecurityModel['labels'] {
  return [
    {type: 'kvm', label: kvm},
    {type: 'qemu', label: qemu},
  ];
}
