import {hostTree} from '../../host/host-tree.ts';
import {selinuxKernel} from '../../host/selinux-kernel.ts';
import {formatContext} from '../../security/selinux/context.ts';
import {type LabelContext, securityDriver} from './prepare-labels.ts';
import {readSelinuxHost} from './selinux-host.ts';

/**
 * With which label the guests of an instance run, or why they have none of their own.
 *
 * @param model  the kernel's module that is in force, `none` without one
 * @returns the end of a sentence, `selinux: ...` or `none: ...`
 */
export function labelWords(
  context: Pick<LabelContext, 'uid' | 'settings'>,
  model = 'none',
  tree = hostTree(),
  kernel = selinuxKernel(),
): string {
  const host = readSelinuxHost(tree);
  if (!host && model === 'none') return 'none: no security module is in force on this host';
  if (!host) return `none: ${model} is in force on this host, and its profiles are the host's own`;
  const choice = securityDriver(host, kernel, context);
  const [mode, own] = [host.isEnforcing ? 'enforcing' : 'permissive', host.own ? formatContext(host.own) : 'unknown'];
  const where = `policy '${host.policy}', ${mode}, virtty runs as ${own}`;
  if (choice.is === 'basic') return `none: ${choice.why}; basic confinement by the ${where}`;
  if (typeof host.contexts === 'string') return `selinux: no guest can be labelled: ${host.contexts}; ${where}`;
  return `selinux: guests run as ${host.contexts.kvm.type} with categories of their own; ${where}`;
}
