import {VirtError} from '../../base/virt-error.ts';
import type {HostTree} from '../../host/host-tree.ts';
import type {SelinuxKernel} from '../../host/selinux-kernel.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import {readBoolean} from './selinux-host.ts';

export interface EntryQuestion {
  readonly def: DomainDef;
  readonly labels: DomainLabels;
  /** The driver's own context. */
  readonly own: string;
  readonly isEnforcing: boolean;
  readonly kernel: SelinuxKernel;
  readonly tree: HostTree;
}

/**
 * Refuses a start that the policy would refuse, as far as the kernel says so beforehand.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED, OPERATION_DENIED with what would help
 */
export function checkEntry({def, labels, own, isEnforcing, kernel, tree}: EntryQuestion): void {
  const tried = `cannot start domain '${def.name}' with the label '${labels.label}'`;
  if (kernel.knows(labels.label) === false) {
    throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', `${tried}: the policy of this host has no such context`, {
      hint: `virtty runs as '${own}', and guests get its user and role: ${AS_DAEMON}`,
    });
  }
  if (!isEnforcing) return;
  const target = labels.label;
  if (kernel.allows({source: own, target, class: 'process', permission: 'transition'}) === false) {
    throw new VirtError(
      'OPERATION_DENIED',
      'SECURITY',
      `${tried}: the policy does not let '${own}' start such a process`,
      {
        hint: AS_DAEMON,
      },
    );
  }
  if (def.type !== 'qemu') return;
  const mayMakeCode = kernel.allows({source: target, target, class: 'process', permission: 'execmem'});
  const isSwitchOff = readBoolean(tree, 'virt_use_execmem') === false;
  // Few policies let the daemon ask the kernel: then the switch speaks for the type that it is about.
  if (mayMakeCode ?? !(isSwitchOff && labels.isUsualType)) return;
  throw new VirtError(
    'OPERATION_DENIED',
    'SECURITY',
    `${tried}: the policy does not let it make code while it runs (execmem), without which software emulation cannot be`,
    {
      hint: isSwitchOff
        ? 'setsebool -P virt_use_execmem on'
        : 'use KVM, or a policy with a type for software emulation',
    },
  );
}

/** What helps a driver that may not give labels. */
export const AS_DAEMON =
  'let systemd start virtty from a file with the type virtd_exec_t, so that it runs as virtd_t, or set security_driver = "none" in qemu.conf';
