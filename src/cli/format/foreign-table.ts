import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {runnerWords} from '../../model/foreign-guest.ts';
import type {DomainSummary} from '../../model/hypervisor.ts';
import {formatTable, type TableOptions} from './table.ts';

/** The guests that others started: who runs them, and as whom. */
export function formatForeign(domains: readonly DomainSummary[], options: TableOptions): string {
  const rows = domains.flatMap(({pid, name, state, foreign}) =>
    foreign
      ? [[String(pid ?? '-'), name, state.is, foreign.user, runnerWords(foreign.runner)].map(sanitiseUntrusted)]
      : [],
  );
  return formatTable(['Pid', 'Name', 'State', 'User', 'Run by'], rows, options);
}
