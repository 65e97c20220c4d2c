import type {DomainSummary} from '../../model/hypervisor.ts';

/** The order of a list, as virsh has it: active domains by id, then the others by name without regard to case. */
export function compareDomains(a: DomainSummary, b: DomainSummary): number {
  if (a.id >= 0 && b.id >= 0) return a.id - b.id;
  if (a.id >= 0 || b.id >= 0) return a.id >= 0 ? -1 : 1;
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
