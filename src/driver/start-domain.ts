import {UndoStack} from '../base/disposable.ts';
import {VirtError} from '../base/virt-error.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {isXenner} from '../model/emulator-arch.ts';
import {formatDomain} from '../model/format-domain.ts';
import type {DriverInstance} from '../model/hypervisor.ts';
import {withDacLabel} from '../security/dac-label.ts';
import type {GuestIdentity} from '../security/guest-identity.ts';
import {planLifecycle} from './argv/lifecycle-plan.ts';
import {attachTransients} from './attach-transients.ts';
import {prepareCgroup} from './cgroup/prepare-cgroup.ts';
import {checkGuestCpu} from './check-guest-cpu.ts';
import {completeChains} from './complete-chains.ts';
import {dropMissingMedia} from './disk-media.ts';
import type {EmulatorRegistry} from './emulators/emulator-registry.ts';
import {findIdentity} from './find-identity.ts';
import {planGrants} from './grants/plan-grants.ts';
import {prepareHelpers} from './helpers/prepare-helpers.ts';
import type {HostSettings} from './host-settings.ts';
import {removeSecrets} from './host-steps/write-secret.ts';
import {domainLogPath, type InstancePaths} from './instance-paths.ts';
import {type LaunchedEmulator, launchEmulator} from './launch.ts';
import {confinementOf, type LaunchPlan, planLaunch} from './launch-plan.ts';
import {liveConsoles, withPtys} from './live-consoles.ts';
import {liveDefinition} from './live-definition.ts';
import {type LiveConsole, type LiveStatus, STATUS_FORMAT} from './live-status.ts';
import type {NetNames} from './nets/net-names.ts';
import {plugVcpus} from './plug-vcpus.ts';
import type {PortAllocator} from './port-allocator.ts';
import {mergePreparations, NO_PREPARATION} from './preparation.ts';
import {prepareHost} from './prepare-host.ts';
import {requireOwnRights} from './require-rights.ts';
import {RunningDomain} from './running-domain.ts';
import type {SavedState} from './save/restore-stream.ts';
import {withScreenPorts} from './screen-ports.ts';
import {type PreparedLabels, prepareLabels} from './selinux/prepare-labels.ts';
import {settleOnHost} from './settle-on-host.ts';

export interface StartContext {
  readonly instance: Pick<DriverInstance, 'kind'>;
  readonly paths: InstancePaths;
  readonly registry: Pick<EmulatorRegistry, 'forDomain'>;
  /** As whom the driver runs. */
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly configHome: string;
  readonly now: () => number;
  readonly settings: HostSettings;
  readonly ports: PortAllocator;
  readonly netNames: NetNames;
  /** Of a guest that goes on from a file: whether it runs then, and what its emulator is sent, if it does not read it by itself. */
  readonly restores?: {readonly runs: boolean; readonly state?: SavedState};
  /** Told what is worth knowing of a start that succeeds. */
  readonly warn: (domain: string, message: string) => void;
}

/**
 * Starts a domain: plans, prepares the host, launches the emulator paused, writes its status, lets it run.
 *
 * @param id  the number that it gets
 * @param adopt  told of the run before the guest runs, so that no event of it is missed
 * @throws {VirtError} with the emulator's own words when it refuses; nothing is left behind then
 */
export async function startDomain(
  def: DomainDef,
  id: number,
  context: StartContext,
  adopt: (run: RunningDomain) => void,
): Promise<RunningDomain> {
  const {plan, ports, dropped} = await planStart(def, context, id);
  const undo = new UndoStack();
  let run: RunningDomain | undefined;
  try {
    const emulator = await launchEmulator(plan, undo, context.now());
    run = new RunningDomain({
      status: firstStatus(plan, id, emulator, context.now()),
      monitor: emulator.monitor,
      paths: context.paths,
      logPath: plan.logPath,
      now: context.now,
    });
    await run.begin();
    await attachTransients(plan.transients, emulator.monitor);
    await removeSecrets(plan.steps);
    await checkGuestCpu(emulator.monitor, plan.def);
    await plugVcpus(emulator.monitor, plan.def);
    for (const command of plan.monitorCommands) await emulator.monitor.execute(command.execute, command.arguments);
    if (context.restores) await receive(emulator, plan, context.restores.state);
    adopt(run);
    if (context.restores?.runs !== false) await run.resume();
    undo.commit();
    if (plan.leftOut.length > 0)
      context.warn(def.name, `started without ${plan.leftOut.join(', ')}: not supported yet`);
    for (const what of dropped) context.warn(def.name, `started without ${what}`);
    for (const warning of [...plan.warnings, ...emulator.warnings]) context.warn(def.name, warning);
    return run;
  } catch (error) {
    run?.dispose();
    const failures = await undo.undoAll();
    if (failures.length > 0 && error instanceof VirtError) {
      throw new VirtError(error.code, error.domain, error.message, {
        cause: error,
        detail: [...error.detail, ...failures],
      });
    }
    throw error;
  } finally {
    context.ports.release(ports);
  }
}

/** A plan, and the ports that are kept free for it until they are released. */
export interface PlannedStart {
  readonly plan: LaunchPlan;
  readonly ports: readonly number[];
  /** Images that are not there and need not be, a sentence each. */
  readonly dropped: readonly string[];
}

/**
 * Everything that a start would do, without doing it.
 *
 * @param id  the number that the run gets; without it the plan is for looking at
 * @throws {VirtError} CONFIG_UNSUPPORTED when it cannot be done
 */
export async function planStart(def: DomainDef, context: StartContext, id?: number): Promise<PlannedStart> {
  if (id !== undefined) requireKnownProgram(def);
  const guest = await findIdentity(def, context);
  if (id !== undefined) await requireOwnRights(def.name, confinementOf(guest, context.settings));
  const emulator = await context.registry.forDomain(def);
  const {paths, home} = context;
  const nowMs = context.now();
  const settings = {...context.settings, ...(id === undefined ? {} : {domainId: id})};
  const present = await dropMissingMedia(def);
  const {def: settled, host} = await settleOnHost(present.def, emulator, {...context, nowMs});
  const live = await withScreenPorts(
    liveDefinition(
      withLabels(await completeChains(settled, {givesFiles: guest.groups !== undefined}), guest),
      paths,
      settings,
    ),
    context.ports,
    settings,
  );
  const logPath = domainLogPath(paths, def.name);
  const {path: executable, caps} = emulator;
  const purpose = id === undefined ? 'look' : 'start';
  const own = {caps, executable, paths, logPath, guest, home, nowMs, settings, host};
  let labelled: PreparedLabels | undefined;
  try {
    labelled = await prepareLabels(live.def, {...context, emulator: executable, purpose});
    const {labels, allowsNoNewPrivs} = labelled;
    const confined = {...context, guest, allowsNoNewPrivs, ...(labels ? {labels} : {})};
    const prepared = await prepareHost(labelled.def, {...context, guest, purpose});
    const helpers = await prepareHelpers(prepared.def, confined);
    const {cgroup, warnings} = await prepareCgroup(prepared.def, context);
    const preparation = mergePreparations([
      prepared.preparation,
      helpers,
      {...NO_PREPARATION, takeBacks: labelled.takeBacks, warnings},
    ]);
    const grants = await planGrants(prepared.def, confined);
    const plan = planLaunch({
      ...own,
      def: prepared.def,
      preparation,
      grants,
      allowsNoNewPrivs,
      ...(labels ? {labels} : {}),
      ...(cgroup === undefined ? {} : {cgroup}),
    });
    return {plan, ports: live.chosen, dropped: present.dropped};
  } catch (error) {
    context.ports.release(live.chosen);
    await labelled?.release();
    throw error;
  }
}

/** xenner is an emulator of its own: what it answers, and on which pty, was never seen. */
function requireKnownProgram({name, emulator}: DomainDef): void {
  if (emulator === undefined || !isXenner(emulator)) return;
  const why = `'${emulator}' runs paravirtual guests for Xen, which this version does not start`;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot start domain '${name}': ${why}`, {
    hint: 'start it by hand and look at it here (virtty list --foreign), or use QEMU with <os><type>hvm</type>',
  });
}

/** A session has no labels of the model `dac`, as in libvirt: nobody else could be named. */
function withLabels(def: DomainDef, guest: GuestIdentity): DomainDef {
  return guest.groups === undefined ? def : {...def, seclabels: withDacLabel(def.seclabels ?? [], guest)};
}

async function receive(
  {monitor, logOffset}: LaunchedEmulator,
  {def, runDir, guestDir, logPath}: LaunchPlan,
  state?: SavedState,
): Promise<void> {
  const {receiveState} = await import('./save/receive-state.ts');
  await receiveState(monitor, {name: def.name, runDir, guestDir, logPath, logOffset, ...(state ? {state} : {})});
}

function firstStatus(plan: LaunchPlan, id: number, emulator: LaunchedEmulator, nowMs: number): LiveStatus {
  const def = withPtys(plan.def, emulator.ptys);
  const lifecycle = planLifecycle(def);
  return {
    format: STATUS_FORMAT,
    id,
    name: def.name,
    uuid: def.uuid,
    arch: def.os.arch,
    vcpus: def.vcpus,
    memoryKiB: Number(def.memoryKiB),
    emulator: emulator.identity,
    emulatorPath: plan.executable,
    startedAtMs: nowMs,
    liveXml: formatDomain(def, {id}),
    consoles: consolesOf(def, emulator),
    duties: lifecycle.duties,
    shutdownAction: lifecycle.shutdown,
    rebootAction: lifecycle.reboot,
    state: {is: 'paused', reason: 'starting up'},
    logOffset: emulator.logOffset,
    guestDir: plan.guestDir,
    confinement: plan.confinement,
    rebootPending: false,
    ...(emulator.monitorPty === undefined
      ? {}
      : {monitorPty: emulator.monitorPty, tellsState: emulator.tellsState === true}),
    ...(def.title === undefined ? {} : {title: def.title}),
  };
}

/** What an emulator without QMP says on a line, a program of the driver's own writes into its log. */
function consolesOf(def: DomainDef, {monitorPty}: LaunchedEmulator): readonly LiveConsole[] {
  const consoles = liveConsoles(def);
  if (monitorPty === undefined) return consoles;
  return consoles.map(console => (console.pty === undefined ? console : {...console, isKept: true}));
}
