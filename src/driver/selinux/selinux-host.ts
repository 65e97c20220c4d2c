import type {HostTree} from '../../host/host-tree.ts';
import {parseContext, type SelinuxContext} from '../../security/selinux/context.ts';
import {type PolicyContexts, readPolicyContexts} from '../../security/selinux/policy-contexts.ts';

/** SELinux as it is in force on a host. */
export interface SelinuxHost {
  /** False: the kernel only logs what it would refuse. */
  readonly isEnforcing: boolean;
  /** The name of the policy, e.g. `targeted`. */
  readonly policy: string;
  /** The driver's own context; undefined where the kernel does not show it. */
  readonly own?: SelinuxContext;
  /** What the policy has for guests, or why it has nothing, as a sentence's end. */
  readonly contexts: PolicyContexts | string;
}

/** @returns undefined where the kernel has no policy loaded */
export function readSelinuxHost(tree: HostTree): SelinuxHost | undefined {
  if (tree.text('/sys/fs/selinux/policyvers') === undefined) return undefined;
  const policy = policyName(tree);
  const own = parseContext(withoutEnd(tree.text('/proc/self/attr/current') ?? ''));
  const file = (name: string) => tree.text(`/etc/selinux/${policy}/contexts/${name}`);
  return {
    isEnforcing: tree.text('/sys/fs/selinux/enforce')?.trim() === '1',
    policy,
    ...(own ? {own} : {}),
    contexts: readPolicyContexts({domain: file('virtual_domain_context'), image: file('virtual_image_context')}),
  };
}

/** Source: selinux_config(5). */
export function policyName(tree: HostTree): string {
  return /^\s*SELINUXTYPE\s*=\s*(\S+)/m.exec(tree.text('/etc/selinux/config') ?? '')?.[1] ?? 'targeted';
}

/** Whether a switch of the policy is on; undefined where the policy does not have it. */
export function readBoolean(tree: HostTree, name: string): boolean | undefined {
  return tree.text(`/sys/fs/selinux/booleans/${name}`)?.startsWith('1');
}

/** The contexts of all processes of the host that this one may see; threads of the kernel, which have no command line, are not asked. */
export function processContexts(tree: HostTree): readonly SelinuxContext[] {
  return tree
    .names('/proc')
    .filter(name => /^\d+$/.test(name) && tree.text(`/proc/${name}/cmdline`, 1) !== '')
    .flatMap(pid => parseContext(withoutEnd(tree.text(`/proc/${pid}/attr/current`) ?? '')) ?? []);
}

/** The kernel ends a context with a zero, and some with a line end. */
function withoutEnd(text: string): string {
  return text.replace(/[\0\n]+$/, '');
}
