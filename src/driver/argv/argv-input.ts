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

/** How a VNC server knows its clients, as the host's configuration has it. */
export interface VncAuth {
  readonly password?: boolean;
  /** `x509Dir`: certificates; `verify`: clients must have one too. */
  readonly tls?: {readonly x509Dir?: string; readonly verify: boolean};
  readonly sasl?: boolean;
}

/** What besides the definition decides over a command line; a modern emulator has no need of it yet. */
export interface ArgvSettings {
  readonly vnc?: VncAuth;
  /** The driver's directory below a mounted hugetlbfs. */
  readonly hugepagesPath?: string;
  /** The number of the running domain. */
  readonly domainId?: number;
  /** Where the guest's state comes from: `stdio`, `exec:COMMAND` or `tcp:HOST:PORT`. */
  readonly migrateFrom?: string;
  /** A monitor that a person finds, instead of the driver's socket. */
  readonly monitor?: 'pty';
}

/** Everything that a command line is made of. */
export interface ArgvInput {
  /** With the aliases of its devices assigned, and with resolved ports and log files. */
  readonly def: DomainDef;
  readonly caps: EmulatorCaps;
  readonly paths: LaunchPaths;
  /** The host's wall clock, milliseconds since 1970: a clock with an offset is given to QEMU as a date. */
  readonly nowMs: number;
  readonly settings?: ArgvSettings;
}
