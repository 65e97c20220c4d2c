import {Emitter} from '../../src/base/emitter.ts';
import type {Picture} from '../../src/base/picture.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import type {AccessReport, RemedyResult} from '../../src/model/access-report.ts';
import type {Capabilities} from '../../src/model/capabilities.ts';
import type {DomainCapabilities, DomainCapabilitiesQuery} from '../../src/model/domain-capabilities.ts';
import {isActive} from '../../src/model/domain-state.ts';
import type {AdoptResult} from '../../src/model/foreign-guest.ts';
import type {
  Abilities,
  ConsoleDevice,
  DefineResult,
  DomainEvent,
  DomainStats,
  DomainSummary,
  DriverInstance,
  Hypervisor,
  MonitorEvent,
  NativeImport,
  NativeSource,
} from '../../src/model/hypervisor.ts';
import type {InstanceSecurity} from '../../src/model/instance-security.ts';
import type {DomainDrift, PartCheck, SecurityReport} from '../../src/model/security-report.ts';
import type {StartPlan} from '../../src/model/start-plan.ts';
import {FakeConsole} from './fake-console.ts';
import {FakeScript} from './fake-script.ts';
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
 * What a test tells and asks a `FakeHypervisor`: its domains, what happens on the host, and the answers to calls.
 */
export abstract class FakeHost {
  readonly instance: DriverInstance;
  readonly abilities: Abilities;
  readonly calls: FakeCall[] = [];
  closed = false;
  protected currentCapabilities: Capabilities;
  protected readonly domains = new Map<string, DomainSummary>();
  protected readonly consoles = new Map<string, FakeConsole[]>();
  protected readonly monitor = new FakeScript<string | Error>('answer of the monitor');
  protected readonly security = new FakeScript<SecurityReport>('security report');
  protected readonly drift = new Map<string, DomainDrift>();
  protected readonly instanceReport = new FakeScript<InstanceSecurity>('security of the instance');
  protected readonly startPlans = new FakeScript<StartPlan>('plan of a start');
  protected readonly access = new FakeScript<AccessReport>('access report');
  protected readonly remedies = new FakeScript<RemedyResult>('remedy');
  protected readonly stats = new FakeScript<DomainStats>('statistics');
  protected readonly pictures = new FakeScript<Picture>('picture of the screen');
  protected readonly log = new FakeScript<readonly string[]>('log');
  protected readonly domainCaps = new FakeScript<DomainCapabilities>('domain capabilities');
  protected readonly native = new FakeScript<string>('command line');
  protected readonly imports = new FakeScript<NativeImport | Error>('import');
  protected readonly adoptions = new FakeScript<AdoptResult>('result of adopting');
  protected readonly xml = new FakeScript<string>('XML');
  protected readonly define = new FakeScript<{readonly result: DefineResult | Error; readonly domain?: DomainSummary}>(
    'result of defining',
  );
  readonly #failures = new Map<FakeMethod, Error[]>();
  readonly #gates = new Map<FakeMethod, Promise<void>>();
  /** What was typed into the monitors before, by domain. */
  readonly histories = new Map<string, readonly string[]>();
  protected readonly monitorEventEmitter = new Emitter<MonitorEvent>();
  protected readonly monitored = Promise.withResolvers<void>();
  protected readonly eventEmitter = new Emitter<DomainEvent>();

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
    const foreign = "others' guests are not looked for here";
    this.abilities = {console: true, monitor: true, security: true, stats: true, foreign, ...options.abilities};
    this.currentCapabilities = options.capabilities ?? SAMPLE_CAPABILITIES;
    for (const domain of options.domains ?? []) this.domains.set(domain.name, domain);
  }

  /** Something happened on the host: the fake's own list follows and every listener is told. */
  emit(event: DomainEvent): void {
    if (event.type === 'changed') this.domains.set(event.domain.name, event.domain);
    if (event.type === 'removed') this.domains.delete(event.name);
    if (event.type === 'capabilities') this.currentCapabilities = event.capabilities;
    this.eventEmitter.emit(event);
  }

  /** Settled once somebody listens to the monitors. */
  untilMonitored(): Promise<void> {
    return this.monitored.promise;
  }

  /** An emulator sent a message. */
  emitMonitor(event: MonitorEvent): void {
    this.monitorEventEmitter.emit(event);
  }

  /** Changes some fields of a domain that exists, by a `changed` event; the id and pid follow from the state. */
  change(name: string, fields: Partial<DomainSummary>): void {
    const before = this.find(name);
    const state = fields.state ?? before.state;
    const {pid: _pid, startedAtMs: _startedAtMs, ...off} = before;
    const on = isActive(state) ? {...before, id: before.id < 0 ? this.#nextId() : before.id} : {...off, id: -1};
    const born = isActive(state) && !isActive(before.state) ? {pid: 4000 + on.id, startedAtMs: 1_700_000_000_000} : {};
    this.emit({type: 'changed', domain: {...on, ...born, ...fields, state}});
    for (const console of this.consoles.get(before.name) ?? []) console.setStatus(isActive(state) ? 'live' : 'ended');
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
    const {name, state} = this.find(domain);
    const console = new FakeConsole(device, {is: isActive(state) ? 'live' : 'ended'});
    this.consoles.set(name, [...(this.consoles.get(name) ?? []), console]);
    return console;
  }

  scriptInstanceSecurity(report: InstanceSecurity): void {
    this.instanceReport.set('instance', report);
  }

  scriptAdoption(domain: string, result: AdoptResult): void {
    this.adoptions.set(domain, result);
  }

  scriptStartPlan(plan: StartPlan): void {
    this.startPlans.set(plan.domain, plan);
  }

  /** The answer to one monitor command, or the error it fails with. */
  scriptMonitor(domain: string, command: string, answer: string | Error): void {
    this.monitor.set(`${domain}: ${command}`, answer);
  }

  scriptAccess(domain: string, report: AccessReport): void {
    this.access.set(domain, report);
  }

  /** How a command ends that is run as a remedy. */
  scriptRemedy(result: RemedyResult): void {
    this.remedies.set(result.command, result);
  }

  scriptPicture(domain: string, picture: Picture): void {
    this.pictures.set(domain, picture);
  }

  scriptSecurity(domain: string, report: SecurityReport): void {
    this.security.set(domain, report);
  }

  /** What differs of a domain from now on. */
  scriptDrift(domain: string, checks: readonly PartCheck[]): void {
    this.drift.set(domain, {name: domain, checks});
  }

  scriptStats(domain: string, stats: Omit<DomainStats, 'name'>): void {
    this.stats.set(domain, {name: domain, ...stats});
  }

  scriptLog(domain: string, lines: readonly string[]): void {
    this.log.set(domain, lines);
  }

  scriptXml(domain: string, xml: string): void {
    this.xml.set(domain, xml);
  }

  /** What domains can have, for exactly this question. */
  scriptDomainCapabilities(query: DomainCapabilitiesQuery, capabilities: DomainCapabilities): void {
    this.domainCaps.set(JSON.stringify(query), capabilities);
  }

  /** The command line of a domain, as `domainXmlToNative` gives it. */
  scriptNative(domain: string, commandLine: string): void {
    this.native.set(domain, commandLine);
  }

  /** What a command line comes to, as `domainXmlFromNative` gives it. */
  scriptImport(source: NativeSource, result: NativeImport | Error): void {
    this.imports.set(JSON.stringify(source), result);
  }

  /** What defining exactly this XML gives; the domain, when one is given, is then told by an event. */
  scriptDefine(xml: string, result: DefineResult | Error, domain?: DomainSummary): void {
    this.define.set(xml, {result, ...(domain ? {domain} : {})});
  }

  /** The names of the calls so far, in order: what most tests ask. */
  get methods(): readonly FakeMethod[] {
    return this.calls.map(call => call.method);
  }

  /** Records a call, waits at its gate and fails if it was told to. */
  protected async begin(method: FakeMethod, args: readonly unknown[]): Promise<void> {
    this.calls.push({method, args: args.filter(arg => arg !== undefined)});
    if (this.closed) throw new Error(`${method} was called on a connection that is closed`);
    await this.#gates.get(method);
    const failure = this.#failures.get(method)?.shift();
    if (failure) throw failure;
  }

  protected find(nameOrUuid: string): DomainSummary {
    const found = [...this.domains.values()].find(one => one.name === nameOrUuid || one.uuid === nameOrUuid);
    if (found) return found;
    throw new VirtError('NO_DOMAIN', 'QEMU', `there is no domain '${nameOrUuid}'`, {
      hint: 'run virtty list --all to see which there are',
    });
  }

  protected active(domain: string): DomainSummary {
    const found = this.find(domain);
    if (isActive(found.state)) return found;
    throw new VirtError('OPERATION_INVALID', 'QEMU', `domain '${found.name}' is not running`);
  }

  #nextId(): number {
    return Math.max(0, ...[...this.domains.values()].map(domain => domain.id)) + 1;
  }
}
