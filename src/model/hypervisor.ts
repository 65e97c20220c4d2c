/** Over 400 lines: the one interface between the program and its drivers, call by call, with what its answers are made of. */
import type {Disposable} from '../base/disposable.ts';
import type {Picture} from '../base/picture.ts';
import type {Problem} from '../base/problem.ts';
import type {AccessReport, RemedyResult} from './access-report.ts';
import type {Capabilities, HostInfo} from './capabilities.ts';
import type {DeviceChangeOptions, DeviceChoice} from './device-change.ts';
import type {DomainCapabilities, DomainCapabilitiesQuery} from './domain-capabilities.ts';
import type {DomainState} from './domain-state.ts';
import type {DomainTaint} from './domain-taint.ts';
import type {AdoptResult, ForeignGuest} from './foreign-guest.ts';
import type {KeyChord} from './guest-keys.ts';
import type {InstanceSecurity} from './instance-security.ts';
import type {MediaChange, MediaOptions} from './media-change.ts';
import type {OutputTime} from './output-time.ts';
import type {DomainDrift, SecurityReport} from './security-report.ts';
import type {StartPlan} from './start-plan.ts';

/** Who hosts the domains of a connection, and as whom. */
export interface DriverInstance {
  readonly kind: 'session' | 'system' | 'embed';
  readonly uri: string;
  /** Only of an embedded instance: the directory that holds everything. */
  readonly root?: string;
  readonly uid: number;
  readonly userName: string;
  /** True when domains cannot be changed through this connection; `readOnlyReason` says why. */
  readonly readOnly: boolean;
  readonly readOnlyReason?: string;
}

/** What a connection can do beyond listing; what is missing has a sentence that says why. */
export interface Abilities {
  readonly console: true | string;
  readonly monitor: true | string;
  readonly security: true | string;
  readonly stats: true | string;
  /** Guests of its host that something else started are found. */
  readonly foreign: true | string;
}

export interface CapabilitiesOptions {
  readonly complete?: boolean;
  readonly anew?: boolean;
}

/** A domain as a list shows it. */
export interface DomainSummary {
  readonly name: string;
  readonly uuid: string;
  /** Number of the running domain, -1 when it is shut off. */
  readonly id: number;
  readonly state: DomainState;
  /** False for a running domain whose definition was removed. */
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly osType: string;
  readonly arch: string;
  readonly title?: string;
  readonly vcpus: number;
  readonly memoryKiB: bigint;
  /** Path of the emulator that runs it, or will; absent when that is not known. */
  readonly emulator?: string;
  /** Of the running emulator. */
  readonly pid?: number;
  /** Wall clock, milliseconds since 1970, when the emulator was started. */
  readonly startedAtMs?: number;
  /** What was done to its run that the driver does not answer for; absent when nothing was. */
  readonly taints?: readonly DomainTaint[];
  /** Of a run without QMP, whose emulator has a text monitor alone. */
  readonly textMonitor?: TextMonitorAbility;
  /** Why the domain is as it is, when there is more to say than the reason: the emulator's own words, newest last; outside text. */
  readonly lastWords: readonly string[];
  /** Of a guest that something else on this host started: it is looked at, not changed. Its name ends in `@PID`. */
  readonly foreign?: ForeignGuest;
}

/** What is known of a guest over a text monitor. */
export interface TextMonitorAbility {
  /** It says whether its guest runs when it is asked: QEMU 0.10 and later. Else only what was done over it is known. */
  readonly tellsState: boolean;
}

/** How a definition is read. */
export interface DefineOptions {
  /** Refuses what libvirt's schema would refuse, beyond what its parser does. */
  readonly validate?: boolean;
}

/** A definition that was taken. */
export interface DefineResult {
  readonly name: string;
  readonly uuid: string;
  /** False when an existing definition was replaced. */
  readonly created: boolean;
  readonly warnings: readonly Problem[];
}

/** A QEMU command line: what stands in a file or was pasted, or that of a running process. */
export type NativeSource = {readonly text: string} | {readonly pid: number};

/** What a QEMU command line comes to as a domain. */
export interface NativeImport {
  /** The command line itself: the text as it was given, a process's own with an option on each line; outside text. */
  readonly commandLine: string;
  /** There exactly when no problem is an error; its UUID is no other domain's. */
  readonly xml?: string;
  /** False when the command line names no domain; the name in the XML is then no more than a word in its place. */
  readonly isNamed: boolean;
  /** Errors, and a warning for each part that is kept as `qemu:commandline` or left out, with their places in the command line. */
  readonly problems: readonly Problem[];
  /** What is left out because the driver sees to it itself. */
  readonly notes: readonly Problem[];
}

/** One reading of the counters of a running domain; the reader makes rates of them. */
export interface DomainStats {
  readonly name: string;
  /** Monotonic milliseconds of the reading. */
  readonly atMs: number;
  /** CPU time that the emulator has used since its start. */
  readonly cpuTimeNs: bigint;
  /** Resident memory of the emulator. */
  readonly rssKiB: bigint;
  readonly vcpus: number;
}

/** A serial line or console of a domain that can be opened. */
export interface ConsoleDevice {
  /** QEMU's id, e.g. `serial0`. */
  readonly alias: string;
  readonly kind: 'serial' | 'console';
}

export interface ConsoleChunk {
  readonly bytes: Uint8Array;
  /** True for bytes from before this stream was opened: nothing in them may be answered. */
  readonly replay: boolean;
  /** When its first byte came from the guest. */
  readonly time?: OutputTime;
  /** So much that the guest wrote just before these bytes is gone: its log was over its limit, or nobody could keep up. */
  readonly droppedBytes?: number;
}

export type ConsoleStatus =
  | {readonly is: 'live'}
  /** The guest is off: its output stays, nothing can be typed. */
  | {readonly is: 'ended'};

/**
 * One viewer of a console. Every viewer of a device sees the same bytes, from the first of this boot on
 * (or the newest `historyBytes` of them); it stays open over restarts of the guest.
 */
export interface ConsoleStream extends Disposable {
  readonly device: ConsoleDevice;
  readonly status: ConsoleStatus;
  /** Bytes of this boot that were left out before the first chunk. */
  readonly skippedBytes: number;
  /** Bytes that come as history, before anything live. */
  readonly historyBytes: number;
  /** Starts the flow: nothing is delivered before the first listener. */
  onData(listener: (chunk: ConsoleChunk) => void): Disposable;
  onStatus(listener: (status: ConsoleStatus) => void): Disposable;
  /**
   * Takes the right to type, which one process has at a time; with `force` from whoever has it.
   *
   * @throws {VirtError} RESOURCE_BUSY with who types; SYSTEM_ERROR where it cannot be noted
   */
  claim(options?: {readonly force?: boolean}): void;
  /** Others may type from now on. Disposing the stream does the same. */
  release(): void;
  /** Types into the guest, claiming the right. @throws {VirtError} OPERATION_INVALID when the guest is off, or as `claim` */
  write(bytes: Uint8Array): void;
  /** Stops delivering until `resume`; the guest is never stalled by it. */
  pause(): void;
  resume(): void;
}

export interface OpenConsoleOptions {
  /** Alias of the device; else the first one. */
  readonly device?: string;
  /** How much of what was written before is delivered at most. */
  readonly historyBytes?: number;
  /** How far behind the guest a viewer may be until something is left out, and counted; without it all is delivered. */
  readonly maxLagBytes?: number;
}

export interface SaveOptions {
  /** Asked several times a second; true gives it up, and the guest goes on. */
  readonly isGivenUp?: () => boolean;
  /** Called several times a second. */
  readonly onProgress?: (progress: SaveProgress) => void;
}

/** How far a guest's state is in its file. */
export interface SaveProgress {
  /** Written so far. */
  readonly bytes: number;
  /** Memory that the emulator has still to look at; pages that are empty take no place. Absent before it says so. */
  readonly remainingBytes?: number;
}

/** Which log of a domain. */
export interface LogChoice {
  /** That of a serial line or console, `true` for the first; else the emulator's. */
  readonly console?: true | string;
  /** -1 is what was kept of the line's boot before. */
  readonly boot?: 0 | -1;
}

export type DomainEvent =
  /** The domain was defined, redefined, or changed its state; `domain` is what a list shows now. */
  | {readonly type: 'changed'; readonly domain: DomainSummary}
  | {readonly type: 'removed'; readonly name: string}
  | {readonly type: 'capabilities'; readonly capabilities: Capabilities}
  /** Something worth telling that is no error of a call, as one sentence. */
  | {readonly type: 'warning'; readonly domain?: string; readonly message: string};

export interface MonitorCommandOptions {
  readonly format: 'hmp' | 'qmp';
  /**
   * Who wants it. A person's command, or one of a script (default), taints the run, as libvirt has it; a person's is kept in
   * the history too. The program's own, for a screen or a completion, leaves no trace.
   */
  readonly by?: 'person' | 'script' | 'program';
}

/** An asynchronous message of a running domain's emulator, as its QMP monitor sends it. */
export interface MonitorEvent {
  readonly domain: string;
  /** QEMU's name of it, e.g. `STOP`. */
  readonly name: string;
  /** Its data as the text of a JSON object, integers exact; absent where the event has none. Outside text. */
  readonly data?: string;
  /** Wall clock of the emulator, milliseconds since 1970; the fraction holds microseconds. */
  readonly atMs: number;
}

/**
 * What libvirt calls a hypervisor driver, and the only thing that the screen and the command line know.
 * Domains are named by name or UUID. Every call fails with a `VirtError`: NO_DOMAIN for an unknown domain,
 * OPERATION_INVALID where the state forbids it, OPERATION_DENIED on a read-only connection.
 * The state of a domain changes through events only; a call that returned has caused its event before.
 */
export interface Hypervisor {
  readonly instance: DriverInstance;
  readonly abilities: Abilities;

  /** Ends the connection; running guests go on. */
  close(): Promise<void>;

  /**
   * What is known now: probing goes on behind it and is told by events. `complete` waits for all probes; `anew` asks also
   * those emulators again of which everything is known, and waits.
   */
  capabilities(options?: CapabilitiesOptions): Promise<Capabilities>;
  /**
   * What domains of a type can have with an emulator on a board of this host; waits for that emulator's probe.
   *
   * @throws {VirtError} INVALID_ARG for a word that is not known, or for what the emulator does not do, CONFIG_UNSUPPORTED
   * when nothing here runs the architecture, SYSTEM_ERROR for an emulator that is not there
   */
  domainCapabilities(query: DomainCapabilitiesQuery): Promise<DomainCapabilities>;
  nodeInfo(): Promise<HostInfo>;

  listDomains(): Promise<readonly DomainSummary[]>;
  /**
   * Looks for guests that something else on this host started. What is new, different or gone since the last look is told
   * by events, too. They are named `NAME@PID`; calls that ask work on them, those that change something do not.
   *
   * @throws {VirtError} OPERATION_UNSUPPORTED where that is no ability
   */
  listForeignDomains(): Promise<readonly DomainSummary[]>;
  /** Of one that others started also by its pid, or its name alone where one has it; looks for others' guests and asks its monitor, if that is free, for its state. */
  domainLookup(nameOrUuid: string): Promise<DomainSummary>;
  /**
   * Makes a guest that others started a domain of this instance: defines it, and takes its running process over where its
   * monitor is free.
   *
   * @param options.name  what it is called here; else as its command line says
   * @throws {VirtError} OPERATION_INVALID for a domain that is this instance's, or that has no XML or no name; DOM_EXIST for a
   * name that is taken
   */
  domainAdopt(domain: string, options?: {readonly name?: string}): Promise<AdoptResult>;
  /** @throws {ProblemsError} XML_ERROR with everything that was found in the text */
  domainDefineXml(xml: string, options?: DefineOptions): Promise<DefineResult>;
  domainUndefine(domain: string): Promise<void>;
  /** `live` (default for a running domain): with ids, aliases and paths; else as defined. */
  domainGetXml(domain: string, options?: {readonly inactive?: boolean}): Promise<string>;

  /**
   * The command line that a start would use now, or that the running domain was started with: quoted for a shell, an
   * option on each line. Nothing is started, reserved or written.
   *
   * @throws {VirtError} CONFIG_UNSUPPORTED for what the emulator cannot do
   */
  domainXmlToNative(domain: string): Promise<string>;
  /**
   * Everything that a start would do now, each step with its undo. Nothing is started, reserved or written.
   *
   * @throws {VirtError} as `domainCreate` before it does anything
   */
  domainStartPlan(domain: string): Promise<StartPlan>;
  /**
   * Turns a QEMU command line into a definition; nothing is defined. What is wrong in it is in the result.
   *
   * @throws {VirtError} OPERATION_INVALID for a process that is gone or no emulator
   */
  domainXmlFromNative(source: NativeSource): Promise<NativeImport>;

  domainCreate(domain: string): Promise<void>;
  /** Presses the power button; returns before the guest has acted. */
  domainShutdown(domain: string): Promise<void>;
  domainReboot(domain: string): Promise<void>;
  domainReset(domain: string): Promise<void>;
  domainDestroy(domain: string): Promise<void>;
  domainSuspend(domain: string): Promise<void>;
  domainResume(domain: string): Promise<void>;

  /**
   * Stops a guest, writes its state into a file, and ends it.
   *
   * @param path  absolute; the file is not there yet
   * @throws {VirtError} OPERATION_UNSUPPORTED for an emulator of before 0.10 and for an adopted guest, OPERATION_ABORTED
   *   when it is given up, OPERATION_FAILED; the guest goes on then as before, and there is no file
   */
  domainSave(domain: string, path: string, options?: SaveOptions): Promise<void>;
  /**
   * Lets a guest go on that was saved.
   *
   * @param options.runs  without it as it was when it was saved
   * @throws {VirtError} OPERATION_FAILED for a file that is no saved guest, else as `domainCreate`
   */
  domainRestore(path: string, options?: {readonly runs?: boolean}): Promise<{readonly name: string}>;

  /**
   * Changes the medium of a CD-ROM or floppy drive.
   *
   * @param target  the drive's target, e.g. `hdc`, or the path of its medium; undefined: the only drive that fits
   * @throws {VirtError} INVALID_ARG for no such drive, OPERATION_INVALID where it has a medium already, or none,
   * OPERATION_FAILED when the emulator cannot open the medium, or the guest has locked it in
   */
  domainChangeMedia(
    domain: string,
    target: string | undefined,
    change: MediaChange,
    options?: MediaOptions,
  ): Promise<void>;

  /**
   * Gives a domain a device: a disk, or a USB device of the host, where the guest runs; any in its definition.
   *
   * @param xml  the element of the device
   * @throws {VirtError} XML_ERROR for what is no device, OPERATION_UNSUPPORTED for one that a guest which runs cannot get,
   * OPERATION_FAILED when the emulator refuses it; everything is as it was then
   */
  domainAttachDevice(domain: string, xml: string, options?: DeviceChangeOptions): Promise<void>;
  /**
   * Takes a device from a domain. A guest that runs has to let go of it.
   *
   * @throws {VirtError} OPERATION_FAILED for no such device, or when the guest refuses, OPERATION_TIMEOUT when it did not
   * let go of it; it has the device then, and loses it when it lets go later
   */
  domainDetachDevice(domain: string, device: DeviceChoice, options?: DeviceChangeOptions): Promise<void>;

  /** Readings of the running domains named, or of all; a domain that is off has none. */
  domainStats(domains?: readonly string[]): Promise<readonly DomainStats[]>;
  /** As whom guests run here, the security models in force, and the configuration with the line of each value. */
  instanceSecurity(): Promise<InstanceSecurity>;
  domainSecurity(domain: string): Promise<SecurityReport>;
  /**
   * What differs now from what was asked, of each running domain that this instance started: cheap, for a look every second.
   * Which devices are open is in the report alone.
   */
  domainDrift(): Promise<readonly DomainDrift[]>;
  /** Whether the guest's process reaches every file that the definition names, also of a domain that is off. */
  domainExplain(domain: string): Promise<AccessReport>;
  /**
   * Carries out one command that `domainExplain` advises now, or one that takes such a command back which this connection has
   * carried out.
   *
   * @throws {VirtError} INVALID_ARG for any other, OPERATION_UNSUPPORTED for what only a person should do
   */
  domainRemedy(domain: string, command: string): Promise<RemedyResult>;
  /** The newest lines of the domain's log, oldest first; outside text. */
  domainLog(domain: string, options?: {readonly lines?: number}): Promise<readonly string[]>;

  /**
   * Opens the domain's log for reading. What is written from then on comes, too.
   *
   * @throws {VirtError} OPERATION_INVALID when there is no such line, or no such log
   */
  domainOpenLog(domain: string, options?: LogChoice): Promise<ConsoleStream>;

  domainConsoles(domain: string): Promise<readonly ConsoleDevice[]>;
  domainOpenConsole(domain: string, options?: OpenConsoleOptions): Promise<ConsoleStream>;
  /**
   * Runs one monitor command and gives its answer as text: HMP as the monitor prints it, QMP as JSON. A read-only
   * connection runs what only asks: `info`, `help`, `query-*`.
   *
   * @throws {VirtError} OPERATION_FAILED with QEMU's description for a QMP error
   */
  domainMonitorCommand(domain: string, command: string, options: MonitorCommandOptions): Promise<string>;
  /** What people typed into the domain's monitor, also in runs before: oldest first, at most 500 lines, none with a password. */
  domainMonitorHistory(domain: string): Promise<readonly string[]>;

  /**
   * A picture of the guest's screen as it is now, also of a guest that is paused.
   *
   * @param options.screen  counted over the heads of all video devices; default the first
   * @throws {VirtError} INVALID_ARG for a screen that is not there, OPERATION_INVALID for a guest without any
   */
  domainScreenshot(domain: string, options?: {readonly screen?: number}): Promise<Picture>;

  /**
   * Tells what the emulator of one domain, or of all, sends from now on, also of runs that start later. A reader listens on
   * the second monitor of each run, which it keeps until it is disposed.
   *
   * @throws {VirtError} RESOURCE_BUSY when the second monitor of the domain named is in use; of the others a warning tells
   */
  domainMonitorEvents(
    listener: (event: MonitorEvent) => void,
    options?: {readonly domain?: string},
  ): Promise<Disposable>;

  /**
   * Presses keys on the guest's keyboard, chord after chord; returns when the last was sent.
   *
   * @param options.holdTimeMs  how long each key is held
   * @throws {VirtError} OPERATION_INVALID for a guest that stands still, OPERATION_FAILED for keys that the emulator does not know
   */
  domainSendKeys(domain: string, chords: readonly KeyChord[], options?: {readonly holdTimeMs?: number}): Promise<void>;

  onDomainEvent(listener: (event: DomainEvent) => void): Disposable;
}
