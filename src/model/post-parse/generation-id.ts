import type {DomainDef} from '../domain-def.ts';

/**
 * A generation id that is to be made (`<genid/>`) is made once, and stays with the definition.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefParseGenID
 */
export function withGenerationId(def: DomainDef, newUuid: () => string): DomainDef {
  return def.genid === '' ? {...def, genid: newUuid()} : def;
}
