import type {Problem} from '../../base/problem.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatDomain} from '../../model/format-domain.ts';
import type {NativeImport, NativeSource} from '../../model/hypervisor.ts';
import {domainFromNative} from '../argv-parse/from-native.ts';
import {NO_NAME, NO_UUID} from '../argv-parse/unnamed.ts';
import {processToDomain} from './process-to-domain.ts';

/** What an import takes from the instance that it is for. */
export interface ImportContext {
  /** The name of the domain that has a UUID. */
  readonly nameOfUuid: (uuid: string) => string | undefined;
  readonly newUuid: () => string;
}

/**
 * Turns a QEMU command line into a definition that can stand beside those of an instance.
 *
 * @throws {VirtError} OPERATION_INVALID for a process that is gone or no emulator
 */
export async function nativeToDomain(source: NativeSource, context: ImportContext): Promise<NativeImport> {
  const {commandLine, result} =
    'pid' in source
      ? await processToDomain(source.pid)
      : {commandLine: source.text, result: domainFromNative(source.text)};
  const {def, problems, notes} = result;
  if (!def) return {commandLine, isNamed: false, problems, notes};
  const own = withOwnUuid(def, context);
  return {
    commandLine,
    xml: formatDomain(own.def),
    isNamed: def.name !== NO_NAME,
    problems,
    notes: [...notes, ...own.notes],
  };
}

function withOwnUuid(
  def: DomainDef,
  {nameOfUuid, newUuid}: ImportContext,
): {readonly def: DomainDef; readonly notes: readonly Problem[]} {
  const owner = nameOfUuid(def.uuid);
  if (def.uuid !== NO_UUID && owner === undefined) return {def, notes: []};
  const message = `the UUID ${def.uuid} is that of domain '${owner}': this one gets a new one`;
  const notes: readonly Problem[] = owner === undefined ? [] : [{severity: 'warning', line: 0, column: 0, message}];
  return {def: {...def, uuid: newUuid()}, notes};
}
