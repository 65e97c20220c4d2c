import {formatProblem, problemsError} from '../../base/problem.ts';
import {hostTree} from '../../host/host-tree.ts';
import type {InterfaceDef} from '../../model/devices/interface.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {isKeptWarning} from '../../model/fields/kept.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {ArgvInput} from '../argv/argv-input.ts';
import {buildArgv} from '../argv/build-argv.ts';
import {buildLegacyEnvironment} from '../argv/legacy/environment.ts';
import type {QemuArg} from '../argv/qemu-arg.ts';
import {formatShellLine} from '../argv/quote-for-display.ts';
import {renderArgv} from '../argv/render.ts';
import type {DefaultsSource} from '../definition-store.ts';
import type {ChosenEmulator} from '../emulators/emulator-registry.ts';
import {findScsiNodes} from '../host-devices/scsi-nodes.ts';
import type {HostSettings} from '../host-settings.ts';
import {domainLogPath, guestRunDir, type InstancePaths, monitorPath, userMonitorPath} from '../instance-paths.ts';
import {planLaunch} from '../launch-plan.ts';
import {liveDefinition} from '../live-definition.ts';
import {settleOnHost} from '../settle-on-host.ts';
import {type EmulatorSource, resolveEmulator} from './emulator-source.ts';

/** What a conversion takes from outside. */
export interface ConversionContext {
  readonly defaults: DefaultsSource;
  readonly emulator: EmulatorSource;
  readonly paths: InstancePaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly uid: number;
  readonly gid: number;
  readonly nowMs: number;
  readonly settings: HostSettings;
}

/** A domain as the command that starts its emulator. */
export interface NativeCommand {
  readonly environment: Readonly<Record<string, string>>;
  readonly executable: string;
  /** As `execve` takes them. */
  readonly arguments: readonly string[];
  /** All of it on one line, quoted for a POSIX shell. */
  readonly line: string;
  /** What of the XML is not in it, a sentence each. */
  readonly warnings: readonly string[];
}

/** Where libvirt keeps the huge pages of its guests on a host with systemd. Source: libvirt 0.7.1, src/qemu_driver.c, qemudStartup. */
const HUGEPAGES_PATH = '/dev/hugepages/libvirt/qemu';

/**
 * The command line of a domain for its emulator: for one that answers QMP what a start would run, for an older one
 * what libvirt's `domxml-to-native` gave in its time, with the monitor on a pty and networks that a script connects.
 *
 * @throws {VirtError} XML_ERROR with every problem of the text, CONFIG_UNSUPPORTED for what the emulator cannot do
 */
export async function domainToNative(xml: string, context: ConversionContext): Promise<NativeCommand> {
  return convertFor(xml, context, def => resolveEmulator(def, context.emulator));
}

/** The same for an emulator that is chosen, and not asked again. */
export async function domainToNativeFor(
  emulator: ChosenEmulator,
  xml: string,
  context: ConversionContext,
): Promise<NativeCommand> {
  return convertFor(xml, context, async () => emulator);
}

async function convertFor(
  xml: string,
  context: ConversionContext,
  choose: (def: DomainDef) => Promise<ChosenEmulator>,
): Promise<NativeCommand> {
  const {def, problems} = parseDomain(xml, context.defaults);
  if (!def) throw problemsError('cannot convert the domain', problems);
  const emulator = await choose(def);
  const isModern = emulator.caps.flags.has('qmp');
  const command = isModern ? await modern(def, emulator, context) : legacy(def, emulator, context);
  const {environment, args, leftOut, notInLine} = command;
  // What this program's own start leaves out of an old emulator's line is nothing: each part is written or refused.
  const warnings = problems.filter(problem => isModern || !isKeptWarning(problem)).map(formatProblem);
  return {
    environment,
    executable: emulator.path,
    arguments: renderArgv(args),
    line: formatShellLine(environment, emulator.path, args),
    warnings: [
      ...warnings,
      ...leftOut.map(element => `${element} is not in the command line: it is not supported yet`),
      ...notInLine.map(what => `it is not all in the command line: ${what}`),
    ],
  };
}

interface Command {
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly QemuArg[];
  /** Elements of devices. */
  readonly leftOut: readonly string[];
  /** A sentence for each thing that the guest gets over the monitor. */
  readonly notInLine: readonly string[];
}

async function modern(def: DomainDef, emulator: ChosenEmulator, context: ConversionContext): Promise<Command> {
  const {paths, settings, uid, gid, home, env, nowMs} = context;
  const configHome = env.XDG_CONFIG_HOME || `${home}/.config`;
  const {def: settled, host} = await settleOnHost(def, emulator, {paths, uid, configHome, nowMs});
  const live = liveDefinition(settled, paths, settings);
  const scsiNodes = findScsiNodes(live, hostTree());
  const logPath = domainLogPath(paths, def.name);
  const {path: executable, caps} = emulator;
  const own = {caps, executable, paths, logPath, guest: {uid, gid}, home, nowMs, settings, host: {...host, scsiNodes}};
  const plan = planLaunch({...own, def: live});
  return {...plan, notInLine: [...plan.notInLine, ...devicesOf(live, 'interface').flatMap(toConnect)]};
}

/** Nothing is prepared for a line that is only printed: who runs it connects its devices. */
function toConnect({type, mac, target}: InterfaceDef): readonly string[] {
  if (type !== 'network' && type !== 'direct' && type !== 'ethernet') return [];
  const name = target?.dev === undefined ? '' : ` '${target.dev}'`;
  return [`interface ${mac} of type '${type}' is a tap device${name} that whoever runs the line connects`];
}

function legacy(def: DomainDef, {caps}: ChosenEmulator, {paths, nowMs, env}: ConversionContext): Command {
  const directory = guestRunDir(paths, def.uuid);
  const input: ArgvInput = {
    def,
    caps,
    paths: {monitorSocket: monitorPath(directory), userMonitorSocket: userMonitorPath(directory)},
    nowMs,
    settings: {monitor: 'pty', hugepagesPath: HUGEPAGES_PATH},
  };
  return {
    environment: buildLegacyEnvironment(input, {inherited: env}),
    args: buildArgv(input),
    leftOut: [],
    notInLine: [],
  };
}
