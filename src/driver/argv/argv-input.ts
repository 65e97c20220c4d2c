import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';

/** Where the driver wants the files and sockets of one run; all absolute, since the emulator's directory is `/`. */
export interface LaunchPaths {
  /** The driver's own monitor. */
  readonly monitorSocket: string;
  /** The monitor that the user's commands go through. */
  readonly userMonitorSocket: string;
  /** Written by the emulator itself, when given. */
  readonly pidFile?: string;
}

/** Everything that a command line is made of. */
export interface ArgvInput {
  /** With the aliases of its devices assigned, and with resolved ports and log files. */
  readonly def: DomainDef;
  readonly caps: EmulatorCaps;
  readonly paths: LaunchPaths;
  /** The host's wall clock, milliseconds since 1970: a clock with an offset is given to QEMU as a date. */
  readonly nowMs: number;
}
