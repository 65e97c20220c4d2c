import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import type {HostStep} from '../host-steps/host-step.ts';

/**
 * The steps of a start with a label for each file and folder that they make for the guest, right behind the step that makes
 * it. The variables of a firmware are among the files that a guest is given.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_security.c, qemuSecurityDomainSetPathLabel
 */
export function withLabels(labels: DomainLabels | undefined, steps: readonly HostStep[]): readonly HostStep[] {
  if (!labels) return steps;
  const label = labels.imageLabel;
  return steps.flatMap(step => [step, ...madeBy(step).map(path => ({do: 'set-label' as const, path, label}))]);
}

function madeBy(step: HostStep): readonly string[] {
  switch (step.do) {
    case 'make-run-dir':
      return [step.guestDir];
    case 'make-dir':
    case 'write-file':
    case 'create-log':
    case 'create-file':
    case 'write-secret':
      return [step.path];
    default:
      return [];
  }
}
