import {readProcess, usageOf} from '../host/proc.ts';
import type {DomainStats} from '../model/hypervisor.ts';
import type {Domain} from './domain.ts';

/** One reading of those domains that run. @param atMs  monotonic milliseconds */
export function readStats(domains: readonly Domain[], atMs: number): readonly DomainStats[] {
  return domains.flatMap(({name, live}) => {
    const process = live && readProcess(live.emulator.pid);
    if (!live || !process || process.startTicks !== live.emulator.startTicks) return [];
    return [{name, atMs, vcpus: live.vcpus, ...usageOf(process)}];
  });
}
