import {rm} from 'node:fs/promises';
import {type Problem, problemsError, sortProblems} from '../base/problem.ts';
import {VirtError} from '../base/virt-error.ts';
import {isExecutable} from '../host/files.ts';
import type {DomainDef} from '../model/domain-def.ts';
import type {DefineOptions} from '../model/hypervisor.ts';
import {parseDomain} from '../model/parse-domain.ts';
import {withGenerationId} from '../model/post-parse/generation-id.ts';
import {parseXml} from '../model/xml/parse-xml.ts';
import type {DefaultsSource} from './definition-store.ts';
import type {Domain} from './domain.ts';
import type {DomainTable} from './domain-table.ts';
import type {DriverContext} from './driver-context.ts';
import {tpmStateDir} from './helpers/swtpm-plan.ts';
import {monitorHistoryPath} from './instance-paths.ts';

/** A definition that may be taken, and what of its XML is not. */
export interface AcceptedDefinition {
  readonly def: DomainDef;
  readonly warnings: readonly Problem[];
}

/** What a definition is read with. */
export interface AcceptOptions extends DefineOptions {
  readonly table: DomainTable;
  readonly defaults: DefaultsSource;
}

/**
 * Reads a domain XML for this instance.
 *
 * @throws {ProblemsError} XML_ERROR with every problem and its place, also for a name or UUID that another domain has
 */
export async function acceptDefinition(xml: string, options: AcceptOptions): Promise<AcceptedDefinition> {
  const {table, defaults, validate = false} = options;
  const {def, problems} = parseDomain(xml, {...defaults, validate});
  const more = def
    ? [
        ...findClash(def, table).map(clash => ({...placeOf(xml, clash.element), message: clash.message})),
        ...(validate ? await askSchema(xml) : []),
      ].map(error => ({...error, severity: 'error' as const}))
    : [];
  if (!def || more.length > 0) throw problemsError('cannot define the domain', sortProblems([...problems, ...more]));
  const whole = withGenerationId(def, () => defaults.newUuid());
  return {def: whole, warnings: sortProblems([...problems, ...(await checkEmulator(def, xml))])};
}

/** What the schema of a libvirt on this host, where there is one, has against a text that this program takes. */
async function askSchema(xml: string): Promise<readonly Omit<Problem, 'severity'>[]> {
  const {lintDomain} = await import('../host/xmllint.ts');
  const refusal = await lintDomain(xml);
  if (!refusal) return [];
  const message = `only libvirt's own schema (${refusal.schema}) refuses it: ${refusal.message}`;
  return [{line: refusal.line, column: 1, message}];
}

/** As libvirt 9.0.0, virDomainObjListIsDuplicate: name and UUID must both be those of one domain, or of none. */
function findClash(
  def: DomainDef,
  table: DomainTable,
): readonly {readonly element: string; readonly message: string}[] {
  const sameName = table.byName(def.name);
  const sameUuid = table.byUuid(def.uuid);
  if (sameName && sameName.uuid !== def.uuid) {
    const message = `domain '${def.name}' already exists with uuid ${sameName.uuid}; write that <uuid> to replace it, or choose another name`;
    return [{element: 'name', message}];
  }
  if (sameUuid && sameUuid.name !== def.name) {
    return [{element: 'uuid', message: `domain '${sameUuid.name}' has the uuid ${def.uuid} already`}];
  }
  return [];
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

/**
 * Removes the definition of a domain; one that runs goes on without it.
 *
 * @throws {VirtError} OPERATION_INVALID for a domain without one
 */
export async function undefineDomain(
  domain: Domain,
  {definitions, paths, table}: Pick<DriverContext, 'definitions' | 'paths' | 'table'>,
): Promise<void> {
  if (!domain.parts.def) {
    const message = `cannot undefine domain '${domain.name}': it has no definition any more`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', message);
  }
  await definitions.remove(domain.name);
  domain.parts.def = undefined;
  // libvirt does so, too: the next domain of this name is not to know its keys.
  await rm(monitorHistoryPath(paths, domain.uuid), {force: true});
  if (!domain.live) {
    table.forgetEnd(domain);
    const {removeTree} = await import('../host/remove-tree.ts');
    await removeTree(tpmStateDir(paths, domain.uuid));
  }
  table.changed(domain);
}
