import type {Disposable} from '../base/disposable.ts';
import {VirtError} from '../base/virt-error.ts';
import {consoleHost} from '../host/console-host.ts';
import {fileExists} from '../host/files.ts';
import type {ConsoleDevice, ConsoleStream, LogChoice} from '../model/hypervisor.ts';
import {assignAliases} from '../model/live-def.ts';
import {ConsoleChannel, type ConsoleSource} from '../monitor/console-channel.ts';
import type {Domain} from './domain.ts';
import {domainLogPath, type InstancePaths, previousLogPath} from './instance-paths.ts';
import {liveConsoles, withConsoleLogs} from './live-consoles.ts';
import type {LiveConsole} from './live-status.ts';

/** What is delivered of the past if nobody says otherwise. */
const DEFAULT_HISTORY_BYTES = 1024 * 1024;
/** So much of a log is read at most. */
const LOG_BYTES = 16 * 1024 * 1024;

/** The console channels of an instance: one for each line that somebody has opened. */
export class ConsoleHub implements Disposable {
  readonly #paths: InstancePaths;
  readonly #channels = new Map<string, ConsoleChannel>();

  constructor(paths: InstancePaths) {
    this.#paths = paths;
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
  async open(domain: Domain, alias: string | undefined, historyBytes = DEFAULT_HISTORY_BYTES): Promise<ConsoleStream> {
    const device = this.#find(domain, alias);
    const key = `${domain.uuid}/${device.alias}`;
    let channel = this.#channels.get(key);
    if (!channel) {
      channel = new ConsoleChannel(domain.name, {alias: device.alias, kind: device.kind}, consoleHost);
      this.#channels.set(key, channel);
      channel.setSource(await sourceOf(device));
    }
    return channel.open(historyBytes);
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
    return boot === 0 ? this.open(domain, alias, LOG_BYTES) : this.#openBefore(domain, alias);
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
      this.#channels.get(`${domain.uuid}/${device.alias}`)?.setSource(await sourceOf(device));
    }
  }

  dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }

  #consoles(domain: Domain): readonly LiveConsole[] {
    const {live, parts} = domain;
    if (live) return live.consoles;
    return parts.def ? liveConsoles(withConsoleLogs(assignAliases(parts.def), this.#paths)) : [];
  }
}

/** A viewer of a log alone: nothing can be typed. It owns what it reads. */
function openLogFile(domain: string, {alias, kind}: ConsoleDevice, log: string): ConsoleStream {
  const channel = new ConsoleChannel(domain, {alias, kind}, consoleHost);
  channel.setSource({log});
  return channel.open(LOG_BYTES);
}

/** A line without a log that exists has nothing to show yet. */
async function sourceOf(device: LiveConsole): Promise<ConsoleSource | undefined> {
  if (device.log === undefined || !(await fileExists(device.log))) return undefined;
  return {log: device.log, ...(device.pty === undefined ? {} : {pty: device.pty})};
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
