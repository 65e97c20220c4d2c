import {fileLabelNow} from '../../host/file-label.ts';
import {fileExists} from '../../host/files.ts';
import {findProgram} from '../../host/find-program.ts';
import type {TpmDef} from '../../model/devices/tpm.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {type GuestIdentity, ownerFor} from '../../security/guest-identity.ts';
import {parseContext} from '../../security/selinux/context.ts';
import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import {findSetpriv} from '../find-setpriv.ts';
import type {HostSettings} from '../host-settings.ts';
import type {HostCommand} from '../host-steps/host-step.ts';
import type {InstancePaths} from '../instance-paths.ts';
import {confinementPrefix} from '../keeper.ts';
import {confinementOf, processLabel} from '../launch-plan.ts';
import {mergePreparations, NO_PREPARATION, type Preparation} from '../preparation.ts';
import {planDbusDaemon} from './dbus-plan.ts';
import {planSwtpm, type SwtpmHost, tpmStateFile} from './swtpm-plan.ts';
import {planVhostUserGpus} from './vhost-user-gpu-plan.ts';
import {findVhostUserProgram} from './vhost-user-programs.ts';
import {daemonFilesystems, planVirtiofsDaemons} from './virtiofsd-plan.ts';

/** Where the driver keeps its files, as whom helpers run, and what it is told of processes. */
export interface HelperContext {
  readonly paths: InstancePaths;
  readonly guest: GuestIdentity;
  readonly settings: Pick<HostSettings, 'keepsCapabilities'>;
  /** Those of the guest, which a helper has as well. */
  readonly labels?: DomainLabels;
  readonly allowsNoNewPrivs: boolean;
}

type Confine = (command: HostCommand) => HostCommand;

/**
 * The programs that run beside the emulator of a domain: its TPM, its graphics cards in programs of their own, its D-Bus, its
 * shared directories.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for one that is not installed, or cannot do what the definition asks for
 */
export async function prepareHelpers(def: DomainDef, context: HelperContext): Promise<Preparation> {
  const confine = await confinement(def, context);
  const plans = [
    ...(await planTpms(def, context, confine)),
    await planGpus(def, context.paths, confine),
    await planDbus(def, context, confine),
    await planFilesystems(def, context),
  ];
  return mergePreparations(plans.map(plan => ({...NO_PREPARATION, ...plan})));
}

/** A helper may do no more than the emulator that it helps. */
async function confinement(
  def: DomainDef,
  {guest, settings, labels, allowsNoNewPrivs}: HelperContext,
): Promise<Confine> {
  const label = labels ? {label: processLabel(labels)} : {};
  const setpriv = await findSetpriv({...guest, ...label}, `cannot start the helpers of domain '${def.name}'`);
  if (setpriv === undefined) return command => command;
  const common = {...confinementOf(guest, settings), noNewPrivs: allowsNoNewPrivs};
  return command => {
    const own = labels && hasOwnType(command.program) ? label : {};
    const [program = setpriv, ...rest] = confinementPrefix({...common, ...own}, setpriv);
    return {program, args: [...rest, command.program, ...command.args]};
  };
}

/**
 * Whether the policy knows a program: one of no type in particular cannot be entered with the label of a guest, and stays in
 * the context of the driver. Source: refpolicy, where swtpm has no module; Fedora's policy has one.
 */
function hasOwnType(program: string): boolean {
  const type = parseContext(fileLabelNow(program) ?? '')?.type;
  return type !== undefined && type !== 'bin_t';
}

type Plan = Pick<Preparation, 'steps' | 'takeBacks'>;

async function planTpms(def: DomainDef, {paths, guest}: HelperContext, confine: Confine): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  for (const tpm of devicesOf(def, 'tpm')) {
    if (!isEmulated(tpm)) continue;
    const host = {...(await findSwtpm(tpm, def, paths)), confine, owner: ownerFor(guest)};
    plans.push(planSwtpm(tpm, {def, paths, host}));
  }
  return plans;
}

function isEmulated(tpm: TpmDef): tpm is Parameters<typeof planSwtpm>[0] {
  return tpm.backend.type === 'emulator';
}

type FoundSwtpm = Omit<SwtpmHost, 'confine' | 'owner'>;

async function findSwtpm(tpm: TpmDef, def: DomainDef, paths: InstancePaths): Promise<FoundSwtpm> {
  const [swtpm, setup, localca, hasState] = await Promise.all([
    findProgram('swtpm'),
    findProgram('swtpm_setup'),
    findProgram('swtpm_localca'),
    fileExists(tpmStateFile(paths, def, tpm)),
  ]);
  return {swtpm, setup, localca, hasState};
}

async function planGpus(def: DomainDef, paths: InstancePaths, confine: Confine): Promise<Plan> {
  const needed = devicesOf(def, 'video').some(({driver}) => driver?.name === 'vhostuser');
  return planVhostUserGpus(def, {paths, confine, program: needed ? await findVhostUserProgram('gpu') : undefined});
}

/** A daemon that serves files is not confined here: it does that itself. */
async function planFilesystems(def: DomainDef, {paths, guest}: HelperContext): Promise<Plan> {
  const needed = daemonFilesystems(def).some(({binary}) => binary?.path === undefined);
  const installed = needed ? ((await findVhostUserProgram('fs')) ?? (await findProgram('virtiofsd'))) : undefined;
  return planVirtiofsDaemons(def, {paths, program: installed, owner: ownerFor(guest)});
}

async function planDbus(def: DomainDef, {paths, guest}: HelperContext, confine: Confine): Promise<Plan> {
  return planDbusDaemon(def, {paths, confine, owner: ownerFor(guest), program: await findProgram('dbus-daemon')});
}
