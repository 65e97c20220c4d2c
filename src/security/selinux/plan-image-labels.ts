import {VirtError} from '../../base/virt-error.ts';
import type {SeclabelDef} from '../../model/domain/seclabel.ts';
import type {HostResource} from '../../model/host-resource.ts';
import {formatContext, parseContext, refusedLabel} from './context.ts';
import {type DomainLabels, ownSeclabel, SELINUX} from './plan-labels.ts';
import type {PolicyContexts} from './policy-contexts.ts';

/**
 * What a file gets of its guest. `use`: with the guest's categories where it alone writes to it, without them where others
 * write, too, and as content where it is read; `content`: always that; `own`: always the guest's; `none`: it is left alone.
 */
type Kind = 'use' | 'content' | 'own' | 'none';

/**
 * By what a file is to a guest. Programs of firmware, the configuration by which a server is reached, directories that are shared, sockets of other programs and what every
 * guest may use by the policy itself (random numbers, graphics, networks) are left alone.
 *
 * @see libvirt 9.0.0, src/security/security_selinux.c, virSecuritySELinuxSetAllLabel
 */
const KINDS = {
  loader: 'none',
  nvram: 'use',
  kernel: 'content',
  initrd: 'content',
  dtb: 'content',
  'acpi-table': 'content',
  'firmware-file': 'content',
  memory: 'own',
  disk: 'use',
  'disk-config': 'none',
  chardev: 'own',
  log: 'own',
  rng: 'none',
  screen: 'none',
  gpu: 'none',
  audio: 'none',
  input: 'own',
  tpm: 'own',
  smartcard: 'content',
  shmem: 'none',
  vsock: 'none',
  network: 'none',
  rom: 'none',
  hostdev: 'use',
  filesystem: 'none',
  lease: 'none',
} as const satisfies Readonly<Record<HostResource['role'], Kind>>;

/**
 * The label that a file of the host gets for a guest.
 *
 * @returns undefined for one that is left as it is
 * @throws {VirtError} CONFIG_UNSUPPORTED for a label that is none
 */
export function imageLabelOf(resource: HostResource, labels: DomainLabels): string | undefined {
  if (!labels.relabel) return undefined;
  const own = resource.seclabels?.find(({model}) => model === SELINUX || model === undefined);
  if (own?.relabel === false || own?.labelskip === true) return undefined;
  return own?.label === undefined ? usualLabel(resource, labels) : checked(own.label, resource);
}

function usualLabel(resource: HostResource, labels: DomainLabels): string | undefined {
  switch (kindOf(resource)) {
    case 'none':
      return undefined;
    case 'content':
      return labels.contentLabel;
    case 'own':
      return labels.imageLabel;
    case 'use':
      if (resource.access === 'read') return labels.contentLabel;
      return resource.shared ? labels.sharedLabel : labels.imageLabel;
  }
}

/** The socket of a program that serves a disk or a TPM is that program's. */
function kindOf({role, type}: HostResource): Kind {
  return type === 'socket' && role !== 'chardev' ? 'none' : KINDS[role];
}

function checked(label: string, {path}: HostResource): string {
  const refused = refusedLabel(label);
  if (refused === undefined) return label;
  throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', `cannot label '${path}': ${refused}`, {
    hint: 'correct the <label> of its <seclabel>, or take it out',
  });
}

/**
 * The labels of a guest that runs, as its XML shows them.
 *
 * @returns undefined for one without a label of this model
 */
export function readLiveLabels(
  seclabels: readonly SeclabelDef[] | undefined,
  policy: PolicyContexts,
): DomainLabels | undefined {
  const own = ownSeclabel(seclabels);
  if (own?.label === undefined || own.type === 'none') return undefined;
  return {
    type: own.type ?? 'dynamic',
    label: own.label,
    imageLabel: own.imagelabel ?? own.label,
    relabel: own.relabel ?? false,
    isUsualType: parseContext(own.label)?.type === policy.kvm.type,
    sharedLabel: formatContext(policy.image),
    contentLabel: formatContext(policy.content),
    ...(own.baselabel === undefined ? {} : {baseLabel: own.baselabel}),
  };
}
