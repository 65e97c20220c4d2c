import type {Disposable} from '../../src/base/disposable.ts';
import type {Picture} from '../../src/base/picture.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import type {AccessReport, RemedyResult} from '../../src/model/access-report.ts';
import type {Capabilities, HostInfo} from '../../src/model/capabilities.ts';
import type {DeviceChangeOptions, DeviceChoice} from '../../src/model/device-change.ts';
import type {DomainCapabilities, DomainCapabilitiesQuery} from '../../src/model/domain-capabilities.ts';
import {type DomainState, isActive} from '../../src/model/domain-state.ts';
import type {AdoptResult} from '../../src/model/foreign-guest.ts';
import type {KeyChord} from '../../src/model/guest-keys.ts';
import type {
  CapabilitiesOptions,
  ConsoleDevice,
  ConsoleStream,
  DefineOptions,
  DefineResult,
  DomainEvent,
  DomainStats,
  DomainSummary,
  Hypervisor,
  LogChoice,
  MonitorCommandOptions,
  MonitorEvent,
  NativeImport,
  NativeSource,
} from '../../src/model/hypervisor.ts';
import type {InstanceSecurity} from '../../src/model/instance-security.ts';
import type {MediaChange, MediaOptions} from '../../src/model/media-change.ts';
import type {DomainDrift, SecurityReport} from '../../src/model/security-report.ts';
import type {StartPlan} from '../../src/model/start-plan.ts';
import {FakeConsole} from './fake-console.ts';
import {FakeHost, type FakeMethod} from './fake-host.ts';

/**
 * A `Hypervisor` in memory. Calls are recorded in `calls`; a domain's state changes through emitted events only, and
 * before the call that caused it returns, as the real driver does it. It fails on everything it was not told to
 * expect: an unknown domain is NO_DOMAIN, an action that the state forbids is OPERATION_INVALID, and data that was
 * not scripted (`script...`) throws a plain error, which is a bug of the test.
 */
export class FakeHypervisor extends FakeHost implements Hypervisor {
  async close(): Promise<void> {
    await this.begin('close', []);
    this.closed = true;
  }

  async capabilities(options?: CapabilitiesOptions): Promise<Capabilities> {
    await this.begin('capabilities', [options]);
    return this.currentCapabilities;
  }

  async domainCapabilities(query: DomainCapabilitiesQuery): Promise<DomainCapabilities> {
    await this.begin('domainCapabilities', [query]);
    return this.domainCaps.get(JSON.stringify(query));
  }

  async nodeInfo(): Promise<HostInfo> {
    await this.begin('nodeInfo', []);
    return this.currentCapabilities.host;
  }

  async listDomains(): Promise<readonly DomainSummary[]> {
    await this.begin('listDomains', []);
    return [...this.domains.values()].filter(domain => !domain.foreign);
  }

  async listForeignDomains(): Promise<readonly DomainSummary[]> {
    await this.begin('listForeignDomains', []);
    return [...this.domains.values()].filter(domain => domain.foreign);
  }

  async domainAdopt(domain: string, options?: {readonly name?: string}): Promise<AdoptResult> {
    await this.begin('domainAdopt', [domain, options]);
    const {foreign: _foreign, ...found} = this.find(domain);
    const result = this.adoptions.get(found.name);
    this.emit({type: 'changed', domain: {...found, name: result.name, uuid: result.uuid, persistent: true}});
    this.emit({type: 'removed', name: found.name});
    return result;
  }

  async domainLookup(nameOrUuid: string): Promise<DomainSummary> {
    await this.begin('domainLookup', [nameOrUuid]);
    return this.find(nameOrUuid);
  }

  async domainDefineXml(xml: string, options?: DefineOptions): Promise<DefineResult> {
    await this.begin('domainDefineXml', [xml, options]);
    const {result, domain} = this.define.get(xml);
    if (result instanceof Error) throw result;
    if (domain) this.emit({type: 'changed', domain});
    return result;
  }

  async domainUndefine(domain: string): Promise<void> {
    await this.begin('domainUndefine', [domain]);
    const found = this.find(domain);
    if (isActive(found.state)) this.change(found.name, {persistent: false});
    else this.emit({type: 'removed', name: found.name});
  }

  async domainGetXml(domain: string, options?: {readonly inactive?: boolean}): Promise<string> {
    await this.begin('domainGetXml', [domain, options]);
    return this.xml.get(this.find(domain).name);
  }

  async domainXmlToNative(domain: string): Promise<string> {
    await this.begin('domainXmlToNative', [domain]);
    return this.native.get(this.find(domain).name);
  }

  async domainStartPlan(domain: string): Promise<StartPlan> {
    await this.begin('domainStartPlan', [domain]);
    return this.startPlans.get(this.find(domain).name);
  }

  async domainXmlFromNative(source: NativeSource): Promise<NativeImport> {
    await this.begin('domainXmlFromNative', [source]);
    const result = this.imports.get(JSON.stringify(source));
    if (result instanceof Error) throw result;
    return result;
  }

  domainCreate(domain: string): Promise<void> {
    return this.#act('domainCreate', domain, ['shut off'], {is: 'running', reason: 'booted'});
  }

  domainShutdown(domain: string): Promise<void> {
    return this.#act('domainShutdown', domain, ['running', 'in shutdown']);
  }

  domainReboot(domain: string): Promise<void> {
    return this.#act('domainReboot', domain, ['running']);
  }

  domainReset(domain: string): Promise<void> {
    return this.#act('domainReset', domain, ['running', 'paused', 'crashed', 'in shutdown']);
  }

  domainDestroy(domain: string): Promise<void> {
    const from = ['running', 'paused', 'in shutdown', 'crashed', 'pmsuspended'] as const;
    return this.#act('domainDestroy', domain, from, {is: 'shut off', reason: 'destroyed'});
  }

  domainSuspend(domain: string): Promise<void> {
    return this.#act('domainSuspend', domain, ['running', 'in shutdown'], {is: 'paused', reason: 'user'});
  }

  domainResume(domain: string): Promise<void> {
    return this.#act('domainResume', domain, ['paused', 'pmsuspended'], {is: 'running', reason: 'unpaused'});
  }

  async domainStats(domains?: readonly string[]): Promise<readonly DomainStats[]> {
    await this.begin('domainStats', [domains]);
    const asked = domains?.map(name => this.find(name)) ?? [...this.domains.values()];
    return asked.filter(domain => isActive(domain.state)).map(domain => this.stats.get(domain.name));
  }

  async domainExplain(domain: string): Promise<AccessReport> {
    await this.begin('domainExplain', [domain]);
    return this.access.get(this.find(domain).name);
  }

  async domainRemedy(domain: string, command: string): Promise<RemedyResult> {
    await this.begin('domainRemedy', [domain, command]);
    return this.remedies.get(command);
  }

  async instanceSecurity(): Promise<InstanceSecurity> {
    await this.begin('instanceSecurity', []);
    return this.instanceReport.get('instance');
  }

  async domainSecurity(domain: string): Promise<SecurityReport> {
    await this.begin('domainSecurity', [domain]);
    return this.security.get(this.active(domain).name);
  }

  async domainDrift(): Promise<readonly DomainDrift[]> {
    await this.begin('domainDrift', []);
    return [...this.drift.values()];
  }

  async domainLog(domain: string, options?: {readonly lines?: number}): Promise<readonly string[]> {
    await this.begin('domainLog', [domain, options]);
    const lines = this.log.get(this.find(domain).name);
    return lines.slice(-(options?.lines ?? lines.length));
  }

  /** The lines of `scriptLog`, or what the guest printed on a line; no boot before is kept. */
  async domainOpenLog(domain: string, options: LogChoice = {}): Promise<ConsoleStream> {
    await this.begin('domainOpenLog', [domain, options]);
    const {console} = options;
    if (console !== undefined) return this.domainOpenConsole(domain, console === true ? {} : {device: console});
    const log = new FakeConsole({alias: 'log', kind: 'console'}, {is: 'ended'});
    log.output(
      this.log
        .get(this.find(domain).name)
        .map(line => `${line}\n`)
        .join(''),
    );
    return log.open();
  }

  async domainConsoles(domain: string): Promise<readonly ConsoleDevice[]> {
    await this.begin('domainConsoles', [domain]);
    return (this.consoles.get(this.find(domain).name) ?? []).map(console => console.device);
  }

  async domainOpenConsole(
    domain: string,
    options?: {readonly device?: string; readonly historyBytes?: number},
  ): Promise<ConsoleStream> {
    await this.begin('domainOpenConsole', [domain, options]);
    const {name} = this.find(domain);
    const all = this.consoles.get(name) ?? [];
    const console = options?.device ? all.find(one => one.device.alias === options.device) : all[0];
    if (!console) {
      throw new VirtError('INVALID_ARG', 'QEMU', `cannot open a console of '${name}': it has none such`);
    }
    return console.open(options?.historyBytes);
  }

  async domainMonitorCommand(domain: string, command: string, options: MonitorCommandOptions): Promise<string> {
    await this.begin('domainMonitorCommand', [domain, command, options]);
    const answer = this.monitor.get(`${this.active(domain).name}: ${command}`);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async domainScreenshot(domain: string, options?: {readonly screen?: number}): Promise<Picture> {
    await this.begin('domainScreenshot', [domain, options]);
    return this.pictures.get(this.active(domain).name);
  }

  async domainMonitorHistory(domain: string): Promise<readonly string[]> {
    await this.begin('domainMonitorHistory', [domain]);
    return this.histories.get(this.find(domain).name) ?? [];
  }

  async domainMonitorEvents(
    listener: (event: MonitorEvent) => void,
    options: {readonly domain?: string} = {},
  ): Promise<Disposable> {
    await this.begin('domainMonitorEvents', [options]);
    const domain = options.domain === undefined ? undefined : this.find(options.domain).name;
    this.monitored.resolve();
    return this.monitorEventEmitter.on(event => {
      if (domain === undefined || event.domain === domain) listener(event);
    });
  }

  async domainSave(domain: string, path: string): Promise<void> {
    await this.begin('domainSave', [domain, path]);
    this.find(domain);
  }

  async domainRestore(path: string, options?: {readonly runs?: boolean}): Promise<{readonly name: string}> {
    await this.begin('domainRestore', [path, options]);
    return {name: 'restored'};
  }

  async domainChangeMedia(
    domain: string,
    target: string | undefined,
    change: MediaChange,
    options?: MediaOptions,
  ): Promise<void> {
    await this.begin('domainChangeMedia', [domain, target, change, options]);
    this.find(domain);
  }

  async domainAttachDevice(domain: string, xml: string, options?: DeviceChangeOptions): Promise<void> {
    await this.begin('domainAttachDevice', [domain, xml, options]);
    this.find(domain);
  }

  async domainDetachDevice(domain: string, device: DeviceChoice, options?: DeviceChangeOptions): Promise<void> {
    await this.begin('domainDetachDevice', [domain, device, options]);
    this.find(domain);
  }

  async domainSendKeys(
    domain: string,
    chords: readonly KeyChord[],
    options?: {readonly holdTimeMs?: number},
  ): Promise<void> {
    await this.begin('domainSendKeys', [domain, chords, options]);
    this.active(domain);
  }

  onDomainEvent(listener: (event: DomainEvent) => void): Disposable {
    return this.eventEmitter.on(listener);
  }

  async #act(method: FakeMethod, domain: string, from: readonly DomainState['is'][], to?: DomainState): Promise<void> {
    await this.begin(method, [domain]);
    const {name, state} = this.find(domain);
    if (!from.includes(state.is)) {
      throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot do ${method} on '${name}': it is ${state.is}`);
    }
    if (to) this.change(name, {state: to});
  }
}
