import type {SeclabelDef} from '../domain/seclabel.ts';
import type {DomainDef} from '../domain-def.ts';
import type {CompletionFacts} from './completion-facts.ts';

/**
 * A label that names no model, where it is the only one and says nothing that needs one, is of the host's model; where that is
 * none, there is no label.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virSecurityLabelDefsParseXML
 */
export function completeSeclabels(def: DomainDef, {securityModel}: CompletionFacts): DomainDef {
  const [only, ...others] = def.seclabels ?? [];
  if (securityModel === undefined || !only || others.length > 0) return def;
  return {...def, seclabels: [withModel(only, securityModel)]};
}

function withModel(label: SeclabelDef, securityModel: string): SeclabelDef {
  const isPlain = label.type === 'none' || (label.type === 'dynamic' && label.baselabel === undefined);
  const model = label.model ?? (isPlain ? securityModel : undefined);
  if (model === 'none') return {type: 'none', model};
  return model === undefined ? label : {...label, model};
}
