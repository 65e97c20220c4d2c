import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {LockAbility, MemoryPlaces} from './memory/memory-places.ts';
import type {SmbiosTables} from './smbios-tables.ts';

/** Where the driver wants the files and sockets of one run; all absolute, since the emulator's directory is `/`. */
export interface LaunchPaths {
  /** The driver's own monitor. */
  readonly monitorSocket: string;
  /** The monitor that the user's commands go through. */
  readonly userMonitorSocket: string;
  /** Written by the emulator itself, when given. */
  readonly pidFile?: string;
  /** Where the driver's swtpm listens; without it beside the monitor. */
  readonly tpmSocket?: string;
}

/** Certificates for TLS: `ca-cert.pem`, `server-cert.pem` and so on in a folder. */
export interface TlsSettings {
  /** Without it the usual one of the service. */
  readonly x509Dir?: string;
  /** Whether the other side must show a certificate, too; without a word it must. */
  readonly verify?: boolean;
}

/** What the host's configuration says of all screens of a kind. */
export interface ScreenSettings {
  /** The address that is bound when a definition names none. */
  readonly listen?: string;
  /** A socket in the domain's directory instead of that address. */
  readonly autoUnixSocket?: boolean;
  /** For those that have none of their own. */
  readonly password?: string;
  readonly tls?: TlsSettings;
  readonly sasl?: boolean;
  /** Where Cyrus SASL finds its configuration. */
  readonly saslDir?: string;
}

/**
 * What besides the definition decides over a command line: the place for what qemu.conf says. A missing part is
 * libvirt's own default.
 */
export interface ArgvSettings {
  readonly vnc?: ScreenSettings;
  readonly spice?: ScreenSettings;
  /** The ports that screens get which leave them to the host. */
  readonly displayPorts?: {readonly first: number; readonly last: number};
  readonly websocketPorts?: {readonly first: number; readonly last: number};
  /** TLS of TCP lines; `always`: of those, too, of which the definition says nothing. */
  readonly chardevTls?: TlsSettings & {readonly always?: boolean};
  /** How disks over TLS know their servers; `keySecretUuid`: the secret that opens the private key. */
  readonly diskTls?: TlsSettings & {readonly keySecretUuid?: string};
  /** The driver's directory below a mounted hugetlbfs. */
  readonly hugepagesPath?: string;
  /** QEMU's system call filter: `required` refuses where it cannot be; without a word it is on where it can be. */
  readonly sandbox?: 'off' | 'required';
  /** The number of the running domain. */
  readonly domainId?: number;
  /** Where the guest's state comes from: `stdio`, `exec:COMMAND` or `tcp:HOST:PORT`. */
  readonly migrateFrom?: string;
  /** A monitor that a person finds, instead of the driver's socket. */
  readonly monitor?: 'pty';
}

/** How the host's side of an interface is reached. */
export type NetSide =
  /** A tap device that is there, opened by its name. */
  | {readonly is: 'tap'; readonly dev: string}
  /** Files that the emulator inherits open, one for each queue. */
  | {readonly is: 'descriptors'; readonly fds: readonly number[]}
  /** QEMU's own helper connects it, for users who may not. */
  | {readonly is: 'bridge-helper'; readonly bridge: string; readonly helper: string}
  /** A program of the user's own network listens on a socket. */
  | {readonly is: 'stream'; readonly socket: string};

/** What was found out about the host, so that the rest is pure. What is missing has not been asked. */
export interface HostAnswers {
  /** Where a guest's memory can be kept. */
  readonly memory?: MemoryPlaces;
  readonly memoryLock?: LockAbility;
  /** What the host's own firmware says of its hardware; absent where nobody may read that. */
  readonly smbios?: SmbiosTables;
  /** How far the host's clock is ahead of UTC, milliseconds. */
  readonly utcOffsetMs?: number;
  /** By the alias of the interface. */
  readonly nets?: ReadonlyMap<string, NetSide>;
  /** False where there is no vhost-net. */
  readonly vhostNet?: boolean;
  /** Files for vhost that the emulator inherits open, by the alias of the interface. */
  readonly vhostFds?: ReadonlyMap<string, readonly number[]>;
  /** The node of a SCSI device of the host, e.g. `/dev/sg0`, by the alias of the device. */
  readonly scsiNodes?: ReadonlyMap<string, string>;
  /** Block devices that are CD-ROM drives, by the paths of the definition. */
  readonly cdroms?: ReadonlySet<string>;
}

/** Whether the emulator starts its own helper for an interface. */
export function usesBridgeHelper(host: HostAnswers | undefined): boolean {
  return [...(host?.nets?.values() ?? [])].some(({is}) => is === 'bridge-helper');
}

/** Everything that a command line is made of. */
export interface ArgvInput {
  /** With the aliases of its devices assigned, and with resolved ports and log files. */
  readonly def: DomainDef;
  readonly caps: EmulatorCaps;
  readonly paths: LaunchPaths;
  /** The host's wall clock, milliseconds since 1970: a clock with an offset is given to QEMU as a date. */
  readonly nowMs: number;
  readonly host?: HostAnswers;
  readonly settings?: ArgvSettings;
}

/** The directory of the domain's sockets while it runs: that of its monitor. */
export function domainDirectory({paths}: Pick<ArgvInput, 'paths'>): string {
  return paths.monitorSocket.slice(0, paths.monitorSocket.lastIndexOf('/'));
}
