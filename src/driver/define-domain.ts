import {type Problem, problemsError} from '../base/problem.ts';
import {isExecutable} from '../host/files.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {parseDomain} from '../model/parse-domain.ts';
import {withGenerationId} from '../model/post-parse/generation-id.ts';
import {parseXml} from '../model/xml/parse-xml.ts';
import type {DefaultsSource} from './definition-store.ts';
import type {DomainTable} from './domain-table.ts';

/** A definition that may be taken, and what of its XML is not. */
export interface AcceptedDefinition {
  readonly def: DomainDef;
  readonly warnings: readonly Problem[];
}

/**
 * Reads a domain XML for this instance.
 *
 * @throws {VirtError} XML_ERROR with every problem and its place, also for a name or UUID that another domain has
 */
export async function acceptDefinition(
  xml: string,
  table: DomainTable,
  defaults: DefaultsSource,
): Promise<AcceptedDefinition> {
  const {def, problems} = parseDomain(xml, defaults);
  const clash = def && findClash(def, table);
  const all = clash
    ? [...problems, {...placeOf(xml, clash.element), severity: 'error' as const, message: clash.message}]
    : problems;
  if (!def || clash) throw problemsError('cannot define the domain', all);
  const whole = withGenerationId(def, () => defaults.newUuid());
  return {def: whole, warnings: [...problems, ...(await checkEmulator(def, xml))]};
}

/** As libvirt 9.0.0, virDomainObjListIsDuplicate: name and UUID must both be those of one domain, or of none. */
function findClash(
  def: DomainDef,
  table: DomainTable,
): {readonly element: string; readonly message: string} | undefined {
  const sameName = table.byName(def.name);
  const sameUuid = table.byUuid(def.uuid);
  if (sameName && sameName.uuid !== def.uuid) {
    const message = `domain '${def.name}' already exists with uuid ${sameName.uuid}; write that <uuid> to replace it, or choose another name`;
    return {element: 'name', message};
  }
  if (sameUuid && sameUuid.name !== def.name) {
    return {element: 'uuid', message: `domain '${sameUuid.name}' has the uuid ${def.uuid} already`};
  }
  return undefined;
}

async function checkEmulator(def: DomainDef, xml: string): Promise<readonly Problem[]> {
  if (def.emulator === undefined || (await isExecutable(def.emulator))) return [];
  const message = `there is no emulator ${def.emulator} on this host: the domain cannot start here`;
  return [{...placeOf(xml, 'emulator'), severity: 'warning', message}];
}

/** Where an element of that name stands first, at the top or among the devices. */
function placeOf(xml: string, name: string): {readonly line: number; readonly column: number} {
  const children = parseXml(xml).root?.children ?? [];
  const devices = children.find(child => child.name === 'devices')?.children ?? [];
  const element = [...children, ...devices].find(child => child.name === name);
  return {line: element?.line ?? 0, column: element?.column ?? 0};
}
