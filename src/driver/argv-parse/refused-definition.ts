import type {DomainDef} from '../../model/domain-def.ts';
import {formatDomain} from '../../model/format-domain.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {NativeDraft} from './native-draft.ts';
import {NO_UUID} from './unnamed.ts';

/** The place of what no option alone is to blame for. */
const NOWHERE = {line: 0, column: 0};

/**
 * Reports as errors what `define` would refuse of a definition: XML that is printed can be defined. Relative paths,
 * which are warned about where they are, are for the user to complete.
 */
export function reportRefused(def: DomainDef, draft: NativeDraft): void {
  if (draft.hasRelativePath) return;
  const defaults = {newUuid: () => NO_UUID, newMac: () => '52:54:00:00:00:00', defaultArch: draft.arch};
  for (const {severity, message} of parseDomain(formatDomain(def), defaults).problems) {
    if (severity === 'error') draft.error(NOWHERE, `a domain cannot be like this: ${message}`);
  }
}
