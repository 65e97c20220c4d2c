import type {Disposable} from '../base/disposable.ts';
import {VirtError} from '../base/virt-error.ts';
import {consoleHost} from '../host/console-host.ts';
import {fileExists, isReadable} from '../host/files.ts';
import type {ForeignGuest} from '../model/foreign-guest.ts';
import type {ConsoleDevice, ConsoleStream, LogChoice, OpenConsoleOptions} from '../model/hypervisor.ts';
import {assignAliases} from '../model/live-def.ts';
import {ConsoleChannel, type ConsoleSource} from '../monitor/console-channel.ts';
import {DirectLine, type DirectSource} from '../monitor/direct-line.ts';
import {openLogRecorders} from './console-log/log-recorders.ts';
import type {Domain} from './domain.ts';
import type {DriverContext} from './driver-context.ts';
import {requireFreeLine} from './foreign/require-free-line.ts';
import {domainLogPath, type InstancePaths, previousLogPath, typingRightPath} from './instance-paths.ts';
import {liveConsoles, withConsoleLogs} from './live-consoles.ts';
import type {LiveConsole} from './live-status.ts';

/** What is delivered of the past if nobody says otherwise. */
const DEFAULT_HISTORY_BYTES = 1024 * 1024;
/** So much of a log is read at most. */
const LOG_BYTES = 16 * 1024 * 1024;

/** Opens the hub of an instance, which from then on records what its guests say, too. */
export async function openConsoleHub(context: DriverContext): Promise<ConsoleHub> {
  const hub = new ConsoleHub(context.paths, await openLogRecorders(context));
  context.table.onRunChange(domain => void hub.update(domain)); // its failures are the viewers', shown there
  return hub;
}

/** The console channels of an instance: one for each line that somebody has opened. */
export class ConsoleHub implements Disposable {
  readonly #paths: InstancePaths;
  readonly #channels = new Map<string, ConsoleChannel>();
  /** Lines without a log, by the same keys. */
  readonly #direct = new Map<string, DirectLine>();

  readonly #recorders: Disposable;

  constructor(paths: InstancePaths, recorders: Disposable) {
    this.#paths = paths;
    this.#recorders = recorders;
  }

  /** The lines of a domain: of its run, else those that its definition would have. */
  devices(domain: Domain): readonly ConsoleDevice[] {
    return this.#consoles(domain).map(({alias, kind}) => ({alias, kind}));
  }

  /**
   * Opens a line for one more viewer.
   *
   * @param alias  the first line if not said
   * @throws {VirtError} OPERATION_INVALID when there is no such line, or nothing was ever kept of it
   */
  async open(domain: Domain, alias: string | undefined, options: OpenConsoleOptions = {}): Promise<ConsoleStream> {
    const {historyBytes = DEFAULT_HISTORY_BYTES, maxLagBytes} = options;
    const device = this.#find(domain, alias);
    const key = keyOf(domain, device);
    const isOthers = domain.parts.foreign !== undefined || domain.live?.isAdopted === true;
    const direct = isOthers ? directSource(device) : undefined;
    if (direct) return (await this.#directLine(domain, device, direct)).open(historyBytes);
    if (domain.parts.foreign) await this.#requireReachable(domain, domain.parts.foreign, device);
    let channel = this.#channels.get(key);
    if (!channel) {
      channel = new ConsoleChannel(domain.name, {alias: device.alias, kind: device.kind}, consoleHost);
      this.#channels.set(key, channel);
      channel.setSource(await sourceOf(domain, device, this.#paths));
    }
    return channel.open(historyBytes, maxLagBytes);
  }

  /**
   * Opens the emulator's log or that of a line.
   *
   * @throws {VirtError} OPERATION_INVALID when there is no such line, or nothing is kept of its boot before
   */
  async openLog(domain: Domain, {console, boot = 0}: LogChoice): Promise<ConsoleStream> {
    if (console === undefined) {
      const log = domainLogPath(this.#paths, domain.name);
      return openLogFile(domain.name, {alias: 'log', kind: 'console'}, log);
    }
    const alias = console === true ? undefined : console;
    return boot === 0 ? this.open(domain, alias, {historyBytes: LOG_BYTES}) : this.#openBefore(domain, alias);
  }

  async #requireReachable(domain: Domain, foreign: ForeignGuest, device: LiveConsole): Promise<void> {
    if (device.log === undefined) {
      const why = typeof foreign.console === 'string' ? foreign.console : 'it cannot be attached to';
      throw new VirtError(
        'OPERATION_INVALID',
        'QEMU',
        `cannot open ${device.alias} of domain '${domain.name}': ${why}`,
      );
    }
    await requireFreeLine(domain, device);
  }

  /** A line that one client at a time can hear: who is connected already is not asked again. */
  async #directLine(domain: Domain, device: LiveConsole, source: DirectSource): Promise<DirectLine> {
    const key = keyOf(domain, device);
    const known = this.#direct.get(key);
    if (known?.isConnected) return known;
    await requireFreeLine(domain, device);
    const {alias, kind} = device;
    const line = new DirectLine({domain: domain.name, device: {alias, kind}, host: consoleHost, source});
    this.#direct.set(key, line);
    return line;
  }

  async #openBefore(domain: Domain, alias: string | undefined): Promise<ConsoleStream> {
    const device = this.#find(domain, alias);
    const log = device.log === undefined ? undefined : previousLogPath(device.log);
    if (log !== undefined && (await fileExists(log))) return openLogFile(domain.name, device, log);
    const what = `cannot read ${device.alias} of domain '${domain.name}'`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', `${what}: nothing is kept of a boot before`);
  }

  #find(domain: Domain, alias: string | undefined): LiveConsole {
    const consoles = this.#consoles(domain);
    const device = alias === undefined ? consoles[0] : consoles.find(candidate => candidate.alias === alias);
    if (!device) throw noSuchConsole(domain, alias, consoles);
    return device;
  }

  /** A run of the domain began or ended: its open lines follow. */
  async update(domain: Domain): Promise<void> {
    for (const device of this.#consoles(domain)) {
      this.#channels.get(keyOf(domain, device))?.setSource(await sourceOf(domain, device, this.#paths));
    }
  }

  dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
    for (const line of this.#direct.values()) line.dispose();
    this.#direct.clear();
    this.#recorders.dispose();
  }

  #consoles(domain: Domain): readonly LiveConsole[] {
    const {live, parts} = domain;
    if (live) return live.consoles;
    return parts.def ? liveConsoles(withConsoleLogs(assignAliases(parts.def), this.#paths)) : [];
  }
}

/** Names are each instance's own; a guest of others may have the UUID of a domain that was made of its command line. */
function keyOf(domain: Domain, {alias}: ConsoleDevice): string {
  return `${domain.name}/${alias}`;
}

/** Of a line that has no log, or none that this user may read, but something to connect to. */
function directSource({pty, socket, log}: LiveConsole): DirectSource | undefined {
  if (socket !== undefined) return {socket};
  return pty !== undefined && (log === undefined || !isReadable(log)) ? {pty} : undefined;
}

/** A viewer of a log alone: nothing can be typed. It owns what it reads. */
function openLogFile(domain: string, {alias, kind}: ConsoleDevice, log: string): ConsoleStream {
  const channel = new ConsoleChannel(domain, {alias, kind}, consoleHost);
  channel.setSource({log});
  return channel.open(LOG_BYTES);
}

/** A line without a log that exists has nothing to show yet. */
async function sourceOf(domain: Domain, device: LiveConsole, paths: InstancePaths): Promise<ConsoleSource | undefined> {
  if (device.log === undefined || !(await fileExists(device.log))) return undefined;
  const kept = device.isKept ? {isKept: true} : {};
  if (device.pty === undefined) return {log: device.log};
  const right = domain.parts.foreign ? {} : {typingRight: typingRightPath(paths, domain.uuid, device.alias)};
  return {log: device.log, pty: device.pty, ...right, ...kept};
}

function noSuchConsole(domain: Domain, alias: string | undefined, consoles: readonly LiveConsole[]): VirtError {
  const what = `cannot open a console of domain '${domain.name}'`;
  if (alias === undefined) {
    return new VirtError('OPERATION_INVALID', 'QEMU', `${what}: it has no serial line`, {
      hint: "add <serial type='pty'/> to its devices, and console=ttyS0 to the guest's kernel line",
    });
  }
  const names = consoles.map(console => console.alias).join(', ');
  return new VirtError('OPERATION_INVALID', 'QEMU', `${what}: it has no device '${alias}'`, {
    hint: names === '' ? "add <serial type='pty'/> to its devices" : `it has ${names}`,
  });
}
