import {VirtError} from '../base/virt-error.ts';
import {deviceNumberOf} from '../host/device-number.ts';
import type {AccessFinding, AccessReport} from '../model/access-report.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {parseDomain} from '../model/parse-domain.ts';
import type {Actor} from '../security/access/access-facts.ts';
import {type ExplainedList, judgeDevices} from '../security/cgroup/judge-devices.ts';
import type {FileGrant} from '../security/file-grant.ts';
import {parseContext} from '../security/selinux/context.ts';
import type {DomainLabels} from '../security/selinux/plan-labels.ts';
import {plannedList, runningList} from './cgroup/explain-list.ts';
import {completeChains} from './complete-chains.ts';
import {readStartConfiguration} from './config/start-configuration.ts';
import {observeCredentials} from './confinement/observe-credentials.ts';
import type {Domain} from './domain.ts';
import type {DriverContext} from './driver-context.ts';
import {explainAccess} from './explain-access.ts';
import {findIdentity} from './find-identity.ts';
import {refusedGrants} from './grants/look-at-grants.ts';
import {planGrants} from './grants/plan-grants.ts';
import {grantRegistry} from './instance-paths.ts';
import {confinementOf} from './launch-plan.ts';
import type {LiveStatus} from './live-status.ts';
import {explainLabels} from './selinux/explain-labels.ts';
import {labelsOfStart} from './selinux/labels-of-start.ts';
import {liveLabels} from './selinux/live-labels.ts';

/**
 * Explains what the process of a domain can reach: of a running one with the definition and as the user that it runs
 * with, else as a start would have it.
 *
 * @throws {VirtError} OPERATION_INVALID for a domain that has neither a definition nor a process, CONFIG_UNSUPPORTED for one whose
 *   user cannot be told
 */
export async function explainDomain(domain: Domain, context: DriverContext): Promise<AccessReport> {
  const {live, parts, name} = domain;
  const def =
    live && live.liveXml !== '' ? parseDomain(live.liveXml, {...context.defaults, live: true}).def : parts.def;
  if (!def) throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot explain domain '${name}': it has no definition`);
  const actor = live && !live.confinement ? await actualActor(domain) : await intendedActor(def, live, context);
  const view = live ? asRunning(def, live) : await asStarted(def, context);
  const {whole, emulator, given, labels, refused, notes} = view;
  const report = await explainAccess(whole, emulator, actor, given);
  const process = live ? await runningLabel(domain, live) : labels?.label;
  const labelled = explainLabels({
    findings: withRefusals(report.findings, refused),
    process,
    emulator,
    labels,
    isRunning: live !== undefined,
    given,
  });
  const list = await deviceListOf(domain, whole, context);
  const findings = list ? judgeDevices(labelled.findings, list, deviceNumberOf) : labelled.findings;
  return {...report, findings, notes: [...report.notes, ...labelled.notes, ...notes]};
}

interface StartedView {
  /** With the images below its disks. */
  readonly whole: DomainDef;
  /** Absolute; undefined where none runs it. */
  readonly emulator: string | undefined;
  readonly given: readonly FileGrant[];
  /** Of SELinux; undefined for a guest without labels of its own. */
  readonly labels: DomainLabels | undefined;
  /** Files that a start would not give the guest, by their paths. */
  readonly refused: ReadonlyMap<string, VirtError>;
  readonly notes: readonly string[];
}

/** What a start would make of a definition and of its files; what keeps it from that is a note. */
async function asStarted(def: DomainDef, context: DriverContext): Promise<StartedView> {
  const {configuration, paths, uid, gid, now, emulators} = context;
  const {settings} = await readStartConfiguration(configuration, {uid, gid});
  const guest = await findIdentity(def, {uid, gid, settings});
  const notes: string[] = [];
  const orNote = (error: unknown) => {
    if (!(error instanceof VirtError)) throw error;
    notes.push(error.message);
    return undefined;
  };
  const whole = (await completeChains(def, {givesFiles: guest.groups !== undefined}).catch(orNote)) ?? def;
  const chosen = async () => (await (await emulators.registry()).forDomain(def)).path;
  const emulator = def.emulator ?? (await chosen().catch(orNote));
  const labelling = {uid, paths, settings, now, emulator: emulator ?? ''};
  const {labels, refused} = (await labelsOfStart(whole, labelling).catch(orNote)) ?? {labels: undefined};
  if (refused) orNote(refused);
  const grants = {guest, settings, paths, ...(labels ? {labels} : {})};
  const given = (await planGrants(whole, grants).catch(orNote)) ?? [];
  const request = {registry: grantRegistry(paths), uuid: def.uuid, domain: def.name, grants: given};
  return {whole, emulator, given, labels, refused: await refusedGrants(request), notes};
}

/** What is given to it was given when it started. */
function asRunning(def: DomainDef, {emulatorPath: emulator}: LiveStatus): StartedView {
  return {whole: def, emulator, given: [], labels: liveLabels(def), refused: new Map(), notes: []};
}

/** In the words of the start that would be refused. */
function withRefusals(
  findings: readonly AccessFinding[],
  refused: ReadonlyMap<string, VirtError>,
): readonly AccessFinding[] {
  return findings.map(finding => {
    const error = finding.verdict === 'ok' || finding.verdict === 'unknown' ? refused.get(finding.path) : undefined;
    if (!error) return finding;
    const why = `${finding.path}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`;
    return {...finding, verdict: 'refused', why};
  });
}

/** Of a process that something else started: as the kernel says, where that is a label of SELinux. */
async function runningLabel(domain: Domain, {confinement}: LiveStatus): Promise<string | undefined> {
  if (confinement) return confinement.label?.label;
  const {label} = await observeCredentials(domain);
  return label !== undefined && parseContext(label) ? label : undefined;
}

async function intendedActor(def: DomainDef, live: LiveStatus | undefined, context: DriverContext): Promise<Actor> {
  const {uid, gid, groups, dropCapabilities} = live?.confinement ?? (await confinementNow(def, context));
  return {
    uid,
    gid,
    groups: groups ?? process.getgroups?.() ?? [],
    hasCapabilities: uid === 0 && !dropCapabilities,
  };
}

/** What the kernel holds its process to, or would; undefined where that is nothing. */
async function deviceListOf(
  {live}: Domain,
  def: DomainDef,
  {uid, gid, configuration}: DriverContext,
): Promise<ExplainedList | undefined> {
  if (live) return live.confinement?.cgroup && runningList(live.emulator.pid, live.confinement.cgroup);
  if (uid !== 0) return undefined;
  const {settings} = await readStartConfiguration(configuration, {uid, gid});
  return settings.deviceLists === 'off' ? undefined : plannedList(def, settings, configuration);
}

/** Of a process that something else started: as the kernel says. */
async function actualActor(domain: Domain): Promise<Actor> {
  const {uid, gid, groups, capabilities} = await observeCredentials(domain);
  return {uid: uid.fs, gid: gid.fs, groups, hasCapabilities: (capabilities.effective & CAP_DAC_OVERRIDE) !== 0n};
}

/** Source: Linux, include/uapi/linux/capability.h. */
const CAP_DAC_OVERRIDE = 1n << 1n;

/** As a start would have it now, whatever else is wrong with the configuration. */
async function confinementNow(def: DomainDef, {configuration, uid, gid}: DriverContext) {
  const {settings} = await readStartConfiguration(configuration, {uid, gid});
  return confinementOf(await findIdentity(def, {uid, gid, settings}), settings);
}
