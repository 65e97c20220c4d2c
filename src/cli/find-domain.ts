import type {DomainSummary, Hypervisor} from '../model/hypervisor.ts';

/**
 * The domain that a person named: a number is an id first, as virsh has it, then a name; everything else a name or UUID.
 *
 * @throws {VirtError} NO_DOMAIN when there is none
 */
export async function findDomain(hypervisor: Hypervisor, text: string): Promise<DomainSummary> {
  if (/^[0-9]+$/.test(text)) {
    const domains = await hypervisor.listDomains();
    const found = domains.find(domain => domain.id === Number(text));
    if (found) return found;
  }
  return hypervisor.domainLookup(text);
}
