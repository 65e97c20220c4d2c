import type {DomainSummary} from '../../model/hypervisor.ts';

/** A domain as `--json` shows it: the state and its reason side by side, and null for what a domain that is off lacks. */
export function domainJson(domain: DomainSummary): Readonly<Record<string, unknown>> {
  const {name, uuid, id, state, title, pid, startedAtMs, ...rest} = domain;
  return {
    name,
    uuid,
    id: id < 0 ? null : id,
    state: state.is,
    reason: state.reason,
    title: title ?? null,
    pid: pid ?? null,
    startedAtMs: startedAtMs ?? null,
    ...rest,
  };
}
