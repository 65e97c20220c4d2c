import type {ArgvInput} from '../../src/driver/argv/argv-input.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {assignAliases} from '../../src/model/live-def.ts';

/** 2026-01-02 03:04:05.678 UTC. */
export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** What a command line is built from, with the sockets in a directory. */
export function argvInput(def: DomainDef, caps: EmulatorCaps, runDir = '/run/demo'): ArgvInput {
  return {
    def: assignAliases(def),
    caps,
    paths: {monitorSocket: `${runDir}/monitor.sock`, userMonitorSocket: `${runDir}/user.sock`},
    nowMs: NOW_MS,
  };
}
