import {randomInt} from 'node:crypto';
import {dirname, join} from 'node:path';
import {VirtError} from '../../base/virt-error.ts';
import {removeFile} from '../../host/files.ts';
import {type HostTree, hostTree} from '../../host/host-tree.ts';
import {readProcess} from '../../host/proc.ts';
import {runProgram} from '../../host/run-program.ts';
import {type SelinuxKernel, selinuxKernel} from '../../host/selinux-kernel.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatContext, parseRange, type SelinuxContext} from '../../security/selinux/context.ts';
import {chooseDriver, type DriverChoice} from '../../security/selinux/plan-driver.ts';
import {type DomainLabels, labelWish, planLabels, SELINUX, withLiveLabels} from '../../security/selinux/plan-labels.ts';
import type {PolicyContexts} from '../../security/selinux/policy-contexts.ts';
import type {HostSettings} from '../host-settings.ts';
import type {TakeBack} from '../host-steps/host-step.ts';
import type {InstancePaths} from '../instance-paths.ts';
import {checkEntry} from './check-entry.ts';
import {type ClaimedLevel, claimLevel, lookForLevel} from './claim-level.ts';
import {readSelinuxHost, type SelinuxHost} from './selinux-host.ts';

export interface LabelContext {
  /** As whom the driver runs. */
  readonly uid: number;
  readonly paths: InstancePaths;
  readonly settings: Pick<HostSettings, 'securityDrivers' | 'defaultConfined' | 'requireConfined'>;
  readonly now: () => number;
  /** The program that is going to run. */
  readonly emulator: string;
  /** `look`: no categories are taken. */
  readonly purpose: 'start' | 'look';
  /** Where the host is read; this host without it. */
  readonly tree?: HostTree;
  readonly kernel?: SelinuxKernel;
  /** The folder of reserved categories. */
  readonly reservations?: string;
}

/** How a guest is labelled by SELinux, decided; its categories are taken where it is to start. */
export interface PreparedLabels {
  /** The definition with the labels of this run. */
  readonly def: DomainDef;
  /** Absent: the process gets what the policy gives it, and no file is labelled. */
  readonly labels?: DomainLabels;
  /** Whether the process can have no_new_privs without losing its change of context. */
  readonly allowsNoNewPrivs: boolean;
  readonly takeBacks: readonly TakeBack[];
  readonly warnings: readonly string[];
  /** Gives the categories back where there is no start after all. */
  readonly release: () => Promise<void>;
}

const NOTHING = {takeBacks: [], warnings: [], release: async () => {}};

/**
 * Decides how the process and the files of a domain are labelled.
 *
 * @param def  live
 * @throws {VirtError} CONFIG_UNSUPPORTED for a label that this host cannot give, or that the policy does not let this driver
 *   give, with what would help
 */
export async function prepareLabels(def: DomainDef, context: LabelContext): Promise<PreparedLabels> {
  const {tree = hostTree(), kernel = selinuxKernel()} = context;
  const host = readSelinuxHost(tree);
  const choice = securityDriver(host, kernel, context);
  checkModels(def, choice);
  if (choice.is === 'basic' && context.settings.requireConfined)
    throw refusal(def, `security_require_confined of qemu.conf wants a label, and ${choice.why}`);
  if (!host) return {...NOTHING, def: withSeclabels(def, undefined), allowsNoNewPrivs: true};
  const wish = choice.is === 'svirt' ? wishOf(def, context) : ({is: 'none'} as const);
  if (wish.is === 'none') {
    const allowsNoNewPrivs = await keepsContext(host, kernel, context.emulator);
    return {...NOTHING, def: withSeclabels(def, undefined), allowsNoNewPrivs};
  }
  const {own, policy} = needed(def, host);
  const claimed = wish.is === 'static' ? undefined : await levelFor(def, own, {...context, tree});
  const level = typeof claimed === 'string' ? claimed : (claimed?.level ?? '');
  const file = typeof claimed === 'object' ? claimed.file : undefined;
  const release = async () => (file === undefined ? undefined : removeFile(file));
  try {
    const source = {policy: knownTypes(policy, own, kernel), own, isKvm: def.type === 'kvm', level};
    const labels = planLabels(wish, source);
    checkEntry({def, labels, own: formatContext(own), isEnforcing: host.isEnforcing, kernel, tree});
    const takeBacks = file === undefined ? [] : [{what: 'file' as const, path: file}];
    const allowsNoNewPrivs = mayChangeUnprivileged(own, labels.label, kernel);
    return {def: withSeclabels(def, labels), labels, allowsNoNewPrivs, takeBacks, warnings: [], release};
  } catch (error) {
    await release();
    throw error;
  }
}

function withSeclabels(def: DomainDef, labels: DomainLabels | undefined): DomainDef {
  const seclabels = withLiveLabels(def.seclabels, labels);
  return seclabels === undefined ? def : {...def, seclabels};
}

/** Whether an instance labels its guests, and why not. */
export function securityDriver(
  host: SelinuxHost | undefined,
  kernel: SelinuxKernel,
  {uid, settings: {securityDrivers: drivers}}: Pick<LabelContext, 'uid' | 'settings'>,
): DriverChoice {
  return chooseDriver({
    ...(drivers === undefined ? {} : {drivers}),
    isInForce: host !== undefined,
    isPrivileged: uid === 0,
    mayLabel: () => {
      if (!host?.own || typeof host.contexts === 'string') return undefined;
      const {user, role} = host.own;
      const target = formatContext({...host.contexts.kvm, user, role});
      if (kernel.knows(target) === false) return false;
      return kernel.allows({source: formatContext(host.own), target, class: 'process', permission: 'transition'});
    },
  });
}

/** A label that nobody would give is not left out. @see libvirt 9.0.0, src/security/security_manager.c, virSecurityManagerCheckModel */
function checkModels(def: DomainDef, choice: DriverChoice): void {
  const selinux = def.seclabels?.find(({model, type}) => model === SELINUX && type !== 'none');
  if (selinux && choice.is === 'basic') throw refusal(def, `it has a label of the model 'selinux', and ${choice.why}`);
  const other = def.seclabels?.find(
    ({model, type}) => model !== undefined && ![SELINUX, 'dac', 'none'].includes(model) && type !== 'none',
  );
  if (other) throw refusal(def, `nothing here gives labels of the model '${other.model}', of which it has one`);
}

function refusal({name}: DomainDef, why: string): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', `cannot start domain '${name}': ${why}`, {
    hint: "take the <seclabel> out, or write type='none' into it to run the domain without such a label",
  });
}

function wishOf(def: DomainDef, {settings}: LabelContext) {
  const {defaultConfined = true, requireConfined = false} = settings;
  try {
    return labelWish(def.seclabels, {defaultConfined, requireConfined});
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    throw new VirtError(error.code, error.domain, `cannot start domain '${def.name}': ${error.message}`, {
      cause: error,
      ...(error.hint === undefined ? {} : {hint: error.hint}),
    });
  }
}

function needed(def: DomainDef, {own, contexts, policy}: SelinuxHost) {
  const why = !own
    ? 'the kernel does not say in which context virtty runs (/proc/self/attr/current)'
    : typeof contexts === 'string'
      ? `the policy '${policy}' has nothing for guests: ${contexts}`
      : undefined;
  if (own && typeof contexts !== 'string') return {own, policy: contexts};
  throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', `cannot label domain '${def.name}': ${why}`, {
    hint: 'install the policy\'s part for virtual machines, or set security_driver = "none" in qemu.conf',
  });
}

/** A policy may name a type for software emulation in its files that it does not have. */
function knownTypes(policy: PolicyContexts, own: SelinuxContext, kernel: SelinuxKernel): PolicyContexts {
  const tcg = formatContext({...policy.tcg, user: own.user, role: own.role});
  return kernel.knows(tcg) === false ? {...policy, tcg: policy.kvm} : policy;
}

/** Reservations of root's drivers, of whatever instance, are in one place. */
const RESERVATIONS = '/run/virtty/selinux-categories';

async function levelFor(
  def: DomainDef,
  own: SelinuxContext,
  context: LabelContext & {readonly tree: HostTree},
): Promise<ClaimedLevel | string> {
  const range = parseRange(own.range);
  const holder = readProcess(process.pid);
  if (!range || !holder) {
    const why = `the range '${own.range}' of virtty's own context is not understood`;
    throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', `cannot choose categories for domain '${def.name}': ${why}`);
  }
  const {uid, paths, tree, now, purpose} = context;
  const usual = uid === 0 ? RESERVATIONS : join(dirname(paths.run), 'selinux-categories');
  const {pid, startTicks} = holder;
  const request = {
    range,
    folder: context.reservations ?? usual,
    uuid: def.uuid,
    holder: {pid, startTicks},
    tree,
    random: (below: number) => randomInt(below),
    nowMs: now(),
  };
  return purpose === 'start' ? claimLevel(request) : lookForLevel(request);
}

const TIMEOUT_MS = 10_000;

/** Whether the policy leaves the emulator in the context of virtty: a change would be lost under no_new_privs. */
async function keepsContext({own}: SelinuxHost, kernel: SelinuxKernel, emulator: string): Promise<boolean> {
  const {exitCode, output} = await runProgram('/usr/bin/stat', ['-L', '-c', '%C', emulator], {timeoutMs: TIMEOUT_MS});
  const label = output.trim();
  if (!own || exitCode !== 0 || !label.includes(':')) return false;
  const source = formatContext(own);
  const target = kernel.becomes(source, label);
  return target !== undefined && (target === source || mayChangeUnprivileged(own, target, kernel));
}

/** @see Linux, security/selinux/hooks.c, check_nnp_nosuid: without the capability of the policy the permission counts for nothing */
function mayChangeUnprivileged(own: SelinuxContext, target: string, kernel: SelinuxKernel): boolean {
  const permission = 'nnp_transition';
  return (
    kernel.hasCapability('nnp_nosuid_transition') === true &&
    kernel.allows({source: formatContext(own), target, class: 'process2', permission}) === true
  );
}
