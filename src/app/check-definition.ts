import {formatProblem, type Problem} from '../base/problem.ts';
import type {DefineOptions} from '../model/hypervisor.ts';
import {parseDomain} from '../model/parse-domain.ts';

/**
 * Every problem of a domain XML that can be found without the hypervisor, in the order of the text.
 *
 * @param arch  of the domain, where the XML names none; empty when that is not known
 */
export function checkDefinition(xml: string, arch: string, options: DefineOptions = {}): readonly Problem[] {
  // Nothing of this definition is used: what is random in a real one stands still here.
  const newUuid = () => '00000000-0000-4000-8000-000000000000';
  const newMac = () => '52:54:00:00:00:00';
  return parseDomain(xml, {newUuid, newMac, ...options, ...(arch === '' ? {} : {defaultArch: arch})}).problems;
}

/** Of the warnings that came with a definition those that nobody has seen: the others stood above it before the yes. */
export function unseenWarnings(warnings: readonly Problem[], xml: string, arch: string): readonly Problem[] {
  const seen = new Set(checkDefinition(xml, arch).map(formatProblem));
  return warnings.filter(warning => !seen.has(formatProblem(warning)));
}
