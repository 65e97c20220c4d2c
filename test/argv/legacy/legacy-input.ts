import type {ArgvInput, ArgvSettings} from '../../../src/driver/argv/argv-input.ts';
import type {DomainDef} from '../../../src/model/domain-def.ts';
import type {EmulatorFlag} from '../../../src/model/emulator-flags.ts';

/** What the command line of an old emulator is built from; its flags are all that is known of it. */
export function legacyInput(def: DomainDef, flags: readonly EmulatorFlag[], settings: ArgvSettings = {}): ArgvInput {
  return {
    def,
    caps: {
      version: '0.10.0',
      arch: def.os.arch,
      flags: new Set(flags),
      machines: [],
      cpuModels: [],
      devices: new Set(),
      kvmBuiltIn: true,
    },
    paths: {monitorSocket: '/run/monitor.sock', userMonitorSocket: '/run/user.sock'},
    nowMs: Date.UTC(2009, 8, 15),
    settings,
  };
}
