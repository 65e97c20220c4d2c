import type {Disposable} from '../../src/base/disposable.ts';
import {Emitter} from '../../src/base/emitter.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import type {Capabilities, HostInfo} from '../../src/model/capabilities.ts';
import {type DomainState, isActive} from '../../src/model/domain-state.ts';
import type {
  Abilities,
  ConsoleDevice,
  ConsoleStream,
  DefineResult,
  DomainEvent,
  DomainStats,
  DomainSummary,
  DriverInstance,
  Hypervisor,
} from '../../src/model/hypervisor.ts';
import type {SecurityReport} from '../../src/model/security-report.ts';
import {FakeConsole} from './fake-console.ts';
import {SAMPLE_CAPABILITIES} from './samples.ts';

/** What a fake starts with; everything else is scripted afterwards. */
export interface FakeOptions {
  readonly domains?: readonly DomainSummary[];
  readonly capabilities?: Capabilities;
  readonly instance?: Partial<DriverInstance>;
  readonly abilities?: Partial<Abilities>;
}

/** One call as it was made, in order. */
export interface FakeCall {
  readonly method: FakeMethod;
  readonly args: readonly unknown[];
}

/** The names of the calls of `Hypervisor`. */
export type FakeMethod = Exclude<keyof Hypervisor, 'instance' | 'abilities' | 'onDomainEvent'>;

/**
 * A `Hypervisor` in memory. Calls are recorded in `calls`; a domain's state changes through emitted events only, and
 * before the call that caused it returns, as the real driver does it. It fails on everything it was not told to
 * expect: an unknown domain is NO_DOMAIN, an action that the state forbids is OPERATION_INVALID, and data that was
 * not scripted (`script...`) throws a plain error, which is a bug of the test.
 */
export class FakeHypervisor implements Hypervisor {
  readonly instance: DriverInstance;
  readonly abilities: Abilities;
  readonly calls: FakeCall[] = [];
  closed = false;
  #capabilities: Capabilities;
  readonly #domains = new Map<string, DomainSummary>();
  readonly #consoles = new Map<string, FakeConsole[]>();
  readonly #scripts = new Map<string, unknown>();
  readonly #failures = new Map<FakeMethod, Error[]>();
  readonly #gates = new Map<FakeMethod, Promise<void>>();
  readonly #eventEmitter = new Emitter<DomainEvent>();

  constructor(options: FakeOptions = {}) {
    this.instance = {
      kind: 'embed',
      uri: 'qemu:///embed?root=/fake',
      root: '/fake',
      uid: 1000,
      userName: 'tester',
      readOnly: false,
      ...options.instance,
    };
    this.abilities = {console: true, monitor: true, security: true, stats: true, ...options.abilities};
    this.#capabilities = options.capabilities ?? SAMPLE_CAPABILITIES;
    for (const domain of options.domains ?? []) this.#domains.set(domain.name, domain);
  }

  // What a test tells it.

  /** Something happened on the host: the fake's own list follows and every listener is told. */
  emit(event: DomainEvent): void {
    if (event.type === 'changed') this.#domains.set(event.domain.name, event.domain);
    if (event.type === 'removed') this.#domains.delete(event.name);
    if (event.type === 'capabilities') this.#capabilities = event.capabilities;
    this.#eventEmitter.emit(event);
  }

  /** Changes some fields of a domain that exists, by a `changed` event; the id and pid follow from the state. */
  change(name: string, fields: Partial<DomainSummary>): void {
    const before = this.#find(name);
    const state = fields.state ?? before.state;
    const {pid: _pid, startedAtMs: _startedAtMs, ...off} = before;
    const on = isActive(state) ? {...before, id: before.id < 0 ? this.#nextId() : before.id} : {...off, id: -1};
    const born = isActive(state) && !isActive(before.state) ? {pid: 4000 + on.id, startedAtMs: 1_700_000_000_000} : {};
    this.emit({type: 'changed', domain: {...on, ...born, ...fields, state}});
    for (const console of this.#consoles.get(before.name) ?? []) console.setStatus(isActive(state) ? 'live' : 'ended');
  }

  /** The next call of `method` fails with `error`; several are used up in order. */
  failNext(method: FakeMethod, error: Error): void {
    this.#failures.set(method, [...(this.#failures.get(method) ?? []), error]);
  }

  /** Calls of `method` do not go on before the function returned is called. */
  hold(method: FakeMethod): () => void {
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#gates.set(method, promise);
    return () => {
      this.#gates.delete(method);
      resolve();
    };
  }

  /** Gives a domain a serial line; the test plays the guest with what is returned. */
  addConsole(domain: string, device: ConsoleDevice = {alias: 'serial0', kind: 'serial'}): FakeConsole {
    const {name, state} = this.#find(domain);
    const console = new FakeConsole(device, {is: isActive(state) ? 'live' : 'ended'});
    this.#consoles.set(name, [...(this.#consoles.get(name) ?? []), console]);
    return console;
  }

  /** The answer to one monitor command, or the error it fails with. */
  scriptMonitor(domain: string, command: string, answer: string | Error): void {
    this.#scripts.set(`monitor ${domain} ${command}`, answer);
  }

  scriptSecurity(domain: string, report: SecurityReport): void {
    this.#scripts.set(`security ${domain}`, report);
  }

  scriptStats(domain: string, stats: Omit<DomainStats, 'name'>): void {
    this.#scripts.set(`stats ${domain}`, {name: domain, ...stats});
  }

  scriptLog(domain: string, lines: readonly string[]): void {
    this.#scripts.set(`log ${domain}`, lines);
  }

  scriptXml(domain: string, xml: string): void {
    this.#scripts.set(`xml ${domain}`, xml);
  }

  /** What defining exactly this XML gives; the domain, when one is given, is then told by an event. */
  scriptDefine(xml: string, result: DefineResult | Error, domain?: DomainSummary): void {
    this.#scripts.set(`define ${xml}`, {result, domain});
  }

  /** The names of the calls so far, in order: what most tests ask. */
  get methods(): readonly FakeMethod[] {
    return this.calls.map(call => call.method);
  }

  // Hypervisor.

  async close(): Promise<void> {
    await this.#begin('close', []);
    this.closed = true;
  }

  async capabilities(options?: {readonly complete?: boolean}): Promise<Capabilities> {
    await this.#begin('capabilities', [options]);
    return this.#capabilities;
  }

  async nodeInfo(): Promise<HostInfo> {
    await this.#begin('nodeInfo', []);
    return this.#capabilities.host;
  }

  async listDomains(): Promise<readonly DomainSummary[]> {
    await this.#begin('listDomains', []);
    return [...this.#domains.values()];
  }

  async domainLookup(nameOrUuid: string): Promise<DomainSummary> {
    await this.#begin('domainLookup', [nameOrUuid]);
    return this.#find(nameOrUuid);
  }

  async domainDefineXml(xml: string): Promise<DefineResult> {
    await this.#begin('domainDefineXml', [xml]);
    const {result, domain} = this.#script<{result: DefineResult | Error; domain?: DomainSummary}>(`define ${xml}`);
    if (result instanceof Error) throw result;
    if (domain) this.emit({type: 'changed', domain});
    return result;
  }

  async domainUndefine(domain: string): Promise<void> {
    await this.#begin('domainUndefine', [domain]);
    const found = this.#find(domain);
    if (isActive(found.state)) this.change(found.name, {persistent: false});
    else this.emit({type: 'removed', name: found.name});
  }

  async domainGetXml(domain: string, options?: {readonly inactive?: boolean}): Promise<string> {
    await this.#begin('domainGetXml', [domain, options]);
    return this.#script(`xml ${this.#find(domain).name}`);
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
    await this.#begin('domainStats', [domains]);
    const asked = domains?.map(name => this.#find(name)) ?? [...this.#domains.values()];
    return asked.filter(domain => isActive(domain.state)).map(domain => this.#script(`stats ${domain.name}`));
  }

  async domainSecurity(domain: string): Promise<SecurityReport> {
    await this.#begin('domainSecurity', [domain]);
    return this.#script(`security ${this.#active(domain).name}`);
  }

  async domainLog(domain: string, options?: {readonly lines?: number}): Promise<readonly string[]> {
    await this.#begin('domainLog', [domain, options]);
    const lines = this.#script<readonly string[]>(`log ${this.#find(domain).name}`);
    return lines.slice(-(options?.lines ?? lines.length));
  }

  async domainConsoles(domain: string): Promise<readonly ConsoleDevice[]> {
    await this.#begin('domainConsoles', [domain]);
    return (this.#consoles.get(this.#find(domain).name) ?? []).map(console => console.device);
  }

  async domainOpenConsole(
    domain: string,
    options?: {readonly device?: string; readonly historyBytes?: number},
  ): Promise<ConsoleStream> {
    await this.#begin('domainOpenConsole', [domain, options]);
    const {name} = this.#find(domain);
    const all = this.#consoles.get(name) ?? [];
    const console = options?.device ? all.find(one => one.device.alias === options.device) : all[0];
    if (!console) {
      throw new VirtError('INVALID_ARG', 'QEMU', `cannot open a console of '${name}': it has none such`);
    }
    return console.open(options?.historyBytes);
  }

  async domainMonitorCommand(
    domain: string,
    command: string,
    options: {readonly format: 'hmp' | 'qmp'},
  ): Promise<string> {
    await this.#begin('domainMonitorCommand', [domain, command, options]);
    const answer = this.#script<string | Error>(`monitor ${this.#active(domain).name} ${command}`);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  onDomainEvent(listener: (event: DomainEvent) => void): Disposable {
    return this.#eventEmitter.on(listener);
  }

  /** Records a call, waits at its gate and fails if it was told to. */
  async #begin(method: FakeMethod, args: readonly unknown[]): Promise<void> {
    this.calls.push({method, args: args.filter(arg => arg !== undefined)});
    if (this.closed) throw new Error(`${method} was called on a connection that is closed`);
    await this.#gates.get(method);
    const failure = this.#failures.get(method)?.shift();
    if (failure) throw failure;
  }

  async #act(method: FakeMethod, domain: string, from: readonly DomainState['is'][], to?: DomainState): Promise<void> {
    await this.#begin(method, [domain]);
    const {name, state} = this.#find(domain);
    if (!from.includes(state.is)) {
      throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot do ${method} on '${name}': it is ${state.is}`);
    }
    if (to) this.change(name, {state: to});
  }

  #find(nameOrUuid: string): DomainSummary {
    const found = [...this.#domains.values()].find(one => one.name === nameOrUuid || one.uuid === nameOrUuid);
    if (found) return found;
    throw new VirtError('NO_DOMAIN', 'QEMU', `there is no domain '${nameOrUuid}'`, {
      hint: 'run virtty list --all to see which there are',
    });
  }

  #active(domain: string): DomainSummary {
    const found = this.#find(domain);
    if (isActive(found.state)) return found;
    throw new VirtError('OPERATION_INVALID', 'QEMU', `domain '${found.name}' is not running`);
  }

  #script<T>(key: string): T {
    if (!this.#scripts.has(key)) throw new Error(`the fake hypervisor was not told what to answer to: ${key}`);
    // The scripting methods above are typed and are the only writers under each key.
    return this.#scripts.get(key) as T;
  }

  #nextId(): number {
    return Math.max(0, ...[...this.#domains.values()].map(domain => domain.id)) + 1;
  }
}
