import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import type {HostStep} from '../host-steps/host-step.ts';

/**
 * The steps of a start with a label for each file and folder that they make for the guest, right behind the step that makes
 * it; the guest's directory of the run is made with it. The variables of a firmware are among the files that a guest is given.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_security.c, qemuSecurityDomainSetPathLabel
 */
export function withLabels(labels: DomainLabels | undefined, steps: readonly HostStep[]): readonly HostStep[] {
  if (!labels) return steps;
  const label = labels.imageLabel;
  return steps.flatMap(step => [
    step.do === 'make-run-dir' ? {...step, label} : step,
    ...madeBy(step).map(made => ({do: 'set-label' as const, label, ...made})),
  ]);
}

type Made = Pick<Extract<HostStep, {do: 'set-label'}>, 'path' | 'ifAllowed'>;

function madeBy(step: HostStep): readonly Made[] {
  switch (step.do) {
    case 'make-dir':
    case 'write-file':
    case 'create-file':
    case 'write-secret':
      return [{path: step.path}];
    case 'create-log':
      // Policies have a type of their own for logs, which guests append to. Source: refpolicy, virt_log_t.
      return [{path: step.path, ifAllowed: true}];
    default:
      return [];
  }
}
