import type {EmulatorCaps} from '../model/capabilities.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';
import {journalPath} from '../monitor/log-journal.ts';
import type {CgroupConfinement} from '../security/cgroup/cgroup-confinement.ts';
import type {FileGrant} from '../security/file-grant.ts';
import {type GuestIdentity, isAnotherUser, ownerFor} from '../security/guest-identity.ts';
import type {DomainLabels} from '../security/selinux/plan-labels.ts';
import {type ArgvInput, type HostAnswers, usesBridgeHelper} from './argv/argv-input.ts';
import {buildArgv} from './argv/build-argv.ts';
import type {TransientDisk} from './argv/devices/transient-disks.ts';
import {buildEnvironment} from './argv/environment.ts';
import {pflashNodes} from './argv/firmware-args.ts';
import {launchFiles} from './argv/launch-security-args.ts';
import {buildLegacyEnvironment} from './argv/legacy/environment.ts';
import {memoryFolders} from './argv/memory/memory-pieces.ts';
import type {QemuArg} from './argv/qemu-arg.ts';
import {isFiltered} from './argv/sandbox-args.ts';
import {planBalloonPeriod} from './balloon-period.ts';
import {besideLine} from './beside-line.ts';
import {planDisks} from './disk-plan.ts';
import type {HostSettings} from './host-settings.ts';
import type {HostStep, MadeGroup, StepOwner} from './host-steps/host-step.ts';
import {
  domainRunDir,
  grantRegistry,
  guestRunDir,
  type InstancePaths,
  monitorPath,
  previousLogPath,
  userMonitorPath,
} from './instance-paths.ts';
import {leftOutParts} from './left-out.ts';
import type {Confinement} from './live-status.ts';
import {checkMemoryLock, type MemoryLock, planMemoryLock} from './memory-lock.ts';
import {type HandedFile, type MonitorCommand, NO_PREPARATION, type Preparation} from './preparation.ts';
import {planScreenPasswords} from './screen-passwords.ts';
import {withLabels} from './selinux/label-steps.ts';
import {lostWishes, planTextMonitor, type TextMonitor} from './text-monitor/plan-text-monitor.ts';

/** Everything that will be done to start a domain, decided beforehand and printable. */
export interface LaunchPlan {
  readonly def: DomainDef;
  readonly executable: string;
  readonly args: readonly QemuArg[];
  readonly environment: Readonly<Record<string, string>>;
  readonly confinement: Confinement;
  readonly memoryLock?: MemoryLock;
  readonly runDir: string;
  /** The directory of the guest's processes in it. */
  readonly guestDir: string;
  readonly monitorSocket: string;
  readonly userMonitorSocket: string;
  /** Of an emulator without QMP, which has nothing else and no sockets. */
  readonly textMonitor?: TextMonitor;
  readonly exitPath: string;
  readonly logPath: string;
  readonly steps: readonly HostStep[];
  /** Files that the emulator inherits open, after the steps. */
  readonly handedFiles: readonly HandedFile[];
  /** Disks that get an image over their own before the guest runs. */
  readonly transients: readonly TransientDisk[];
  /** What the emulator is told before its guest runs; there may be passwords in it, so it is not to be printed. */
  readonly monitorCommands: readonly MonitorCommand[];
  /** Parts of the definition that the guest does not get, as elements. */
  readonly leftOut: readonly string[];
  /** What the guest gets over the monitor, so that the command line alone does not give it; a sentence each. */
  readonly notInLine: readonly string[];
  /** Worth knowing of a start that succeeds. */
  readonly warnings: readonly string[];
}

export interface LaunchInput {
  /** With aliases, console logs and resolved ports. */
  readonly def: DomainDef;
  readonly caps: EmulatorCaps;
  readonly executable: string;
  readonly paths: InstancePaths;
  readonly logPath: string;
  /** As whom the guest's processes run. */
  readonly guest: GuestIdentity;
  readonly home: string;
  readonly nowMs: number;
  readonly settings: HostSettings;
  /** What the host says of itself; without it a definition that depends on it is refused. */
  readonly host?: HostAnswers;
  /** What the host has to be asked and told first; without it nothing is prepared, as for a line that is only printed. */
  readonly preparation?: Preparation;
  /** Files of the host that become the guest's while it runs. */
  readonly grants?: readonly FileGrant[];
  /** Where the guest's process is held to its devices; without it nowhere. */
  readonly cgroup?: CgroupConfinement;
  /** The labels of its process and files; without them they have what the policy of the host gives them. */
  readonly labels?: DomainLabels;
  /** Whether no_new_privs keeps the process from the label that it is to have. */
  readonly allowsNoNewPrivs?: boolean;
}

/** Plans the start of a domain. @throws {VirtError} CONFIG_UNSUPPORTED for what the emulator cannot do */
export function planLaunch(input: LaunchInput): LaunchPlan {
  const {def, caps, paths, settings, preparation = NO_PREPARATION, grants = []} = input;
  const textMonitor = planTextMonitor(def, caps);
  const guestDir = guestRunDir(paths, def.uuid);
  const monitorSocket = monitorPath(guestDir);
  const userMonitorSocket = userMonitorPath(guestDir);
  const runDir = domainRunDir(paths, def.uuid);
  const owner = ownerFor(input.guest);
  const argvInput: ArgvInput = {
    def,
    caps,
    paths: {monitorSocket, userMonitorSocket},
    nowMs: input.nowMs,
    settings: textMonitor ? {...settings, monitor: 'pty'} : settings,
    ...(input.host || input.preparation ? {host: {...input.host, ...input.preparation?.answers}} : {}),
  };
  checkMemoryLock(def, argvInput.host?.memoryLock);
  const memoryLock = planMemoryLock(def);
  const folders = memoryFolders(argvInput);
  const disks = planDisks(argvInput, paths, owner);
  const group = ownGroup(input.cgroup);
  const takeBacks = [
    ...(group ? [{what: 'cgroup' as const, path: group.path}] : []),
    ...folders.map(path => ({what: 'directory' as const, path})),
    ...disks.takeBacks,
    ...preparation.takeBacks,
    ...(grants.length > 0 || mayGetFiles(input)
      ? [{what: 'grants' as const, registry: grantRegistry(paths), user: def.uuid}]
      : []),
  ];
  return {
    def,
    executable: input.executable,
    args: buildArgv(argvInput),
    environment: planEnvironment(argvInput, isAnotherUser(input.guest) ? guestDir : input.home),
    confinement: planConfinement(input),
    ...(memoryLock === undefined ? {} : {memoryLock}),
    runDir,
    guestDir,
    monitorSocket,
    userMonitorSocket,
    ...(textMonitor ? {textMonitor} : {}),
    exitPath: `${runDir}/exit`,
    logPath: input.logPath,
    handedFiles: preparation.handedFiles,
    transients: disks.transients,
    monitorCommands: [
      ...disks.monitorCommands,
      ...planScreenPasswords(def, settings, input.nowMs),
      ...planBalloonPeriod(def),
      ...preparation.monitorCommands,
    ],
    leftOut: [...leftOutParts(def), ...preparation.leftOut],
    warnings: [...preparation.warnings, ...lostWishes(def, caps)],
    notInLine: [...disks.notInLine, ...besideLine(def, guestDir, settings)],
    steps: withLabels(input.labels, [
      ...letThrough(input, folders),
      {do: 'make-run-dir', path: runDir, guestDir, owner},
      ...disks.files,
      ...(takeBacks.length === 0 ? [] : [{do: 'write-take-backs' as const, runDir, takeBacks}]),
      ...folders.map(path => ({do: 'make-dir' as const, path, owner})),
      ...launchFiles(argvInput).map(file => ({do: 'write-file' as const, ...file, owner})),
      ...nvramSteps(def, owner),
      ...consoleLogs(def, paths).flatMap(path => logSteps(path, owner)),
      ...grantSteps(grants, def, paths),
      ...disks.steps,
      ...preparation.steps,
      ...(group ? [{do: 'make-cgroup' as const, group}] : []),
    ]),
  };
}

/** The group that a start makes itself; one of systemd's comes and goes with the process. */
function ownGroup(cgroup: CgroupConfinement | undefined): MadeGroup | undefined {
  return cgroup === undefined || cgroup.kind === 'scope' ? undefined : cgroup;
}

/** What a guest gets while it runs, a medium or a disk, is given then, and taken back with the rest. */
function mayGetFiles({guest, labels, settings}: LaunchInput): boolean {
  return labels !== undefined || (guest.groups !== undefined && settings.dynamicOwnership !== false);
}

/** After what makes files, before what opens them. */
function grantSteps(grants: readonly FileGrant[], {uuid, name}: DomainDef, paths: InstancePaths): readonly HostStep[] {
  if (grants.length === 0) return [];
  return [{do: 'grant-files', registry: grantRegistry(paths), user: uuid, domain: name, grants}];
}

/** The folders of the instance through which a guest of another user gets to what is its. */
function letThrough({guest, paths}: LaunchInput, folders: readonly string[]): readonly HostStep[] {
  if (!isAnotherUser(guest)) return [];
  const above = folders.flatMap(path => [parentOf(parentOf(path)), parentOf(path)]);
  const roots = [paths.run, paths.lib, paths.log];
  const programs = roots.map(parentOf).filter(path => path.endsWith('/virtty'));
  const own = [...programs, ...roots, `${paths.lib}/nvram`, `${paths.lib}/swtpm`];
  return [{do: 'let-through', folders: [...new Set([...own, ...above])], guest}];
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** A firmware's variables that are a file of this host are there before the emulator opens them. */
function nvramSteps(def: DomainDef, owner: StepOwner): readonly HostStep[] {
  const {nvram} = def.os;
  const path = nvram?.source || !pflashNodes(def)?.variables ? undefined : nvram?.path;
  if (path === undefined) return [];
  return [{do: 'create-nvram', path, owner, ...(nvram?.template === undefined ? {} : {template: nvram.template})}];
}

/** What a process of a guest gets of users and rights. Capabilities are root's to drop, whoever the guest is. */
export function confinementOf(
  {uid, gid, groups}: GuestIdentity,
  settings: Pick<HostSettings, 'keepsCapabilities'>,
): Omit<Confinement, 'noNewPrivs' | 'seccomp'> {
  const isRootsGuest = groups !== undefined;
  return {uid, gid, ...(groups ? {groups} : {}), dropCapabilities: isRootsGuest && !settings.keepsCapabilities};
}

function planConfinement(input: LaunchInput): Confinement {
  const {caps, guest, preparation, settings, cgroup, labels, allowsNoNewPrivs = true} = input;
  const host = preparation?.answers ?? {};
  return {
    ...confinementOf(guest, settings),
    // A helper of QEMU that gets root's rights gets none under this, as it is ended by the filter.
    noNewPrivs: allowsNoNewPrivs && !usesBridgeHelper(host),
    seccomp: isFiltered({caps, host, settings}),
    ...(cgroup === undefined ? {} : {cgroup}),
    ...(labels ? {label: processLabel(labels)} : {}),
  };
}

export function processLabel({label, imageLabel}: DomainLabels): NonNullable<Confinement['label']> {
  return {model: 'selinux', label, imageLabel};
}

/** What the emulator's process has; an old one takes from it what it is told of sound and time zones. */
function planEnvironment(argvInput: ArgvInput, home: string): Readonly<Record<string, string>> {
  const {def, caps, settings} = argvInput;
  const inherited = emulatorEnvironment(home);
  if (caps.flags.has('qmp')) return {...inherited, ...buildEnvironment({def, settings: settings ?? {}})};
  const saslDir = settings?.vnc?.saslDir;
  return buildLegacyEnvironment(argvInput, {inherited, ...(saslDir === undefined ? {} : {saslDir})});
}

/** libvirt's: nothing of the admin's own environment reaches a guest's process. */
function emulatorEnvironment(home: string): Readonly<Record<string, string>> {
  return {LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: home};
}

/**
 * The logs of the serial lines and consoles that are ours to begin anew, each once: a console shares the log of its
 * serial line, and a log that the definition names belongs to whoever named it.
 */
function consoleLogs(def: DomainDef, paths: InstancePaths): readonly string[] {
  const chardevs = [...devicesOf(def, 'serial'), ...devicesOf(def, 'console')];
  return [...new Set(chardevs.flatMap(({log}) => (log?.file.startsWith(`${paths.log}/`) ? [log.file] : [])))];
}

function logSteps(path: string, owner: StepOwner): readonly HostStep[] {
  return [
    {do: 'rotate-log', path, previous: previousLogPath(path)},
    {do: 'rotate-log', path: journalPath(path), previous: journalPath(previousLogPath(path))},
    {do: 'create-log', path, owner},
  ];
}
