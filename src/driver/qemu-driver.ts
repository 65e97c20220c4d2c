/** Over 400 lines: a method for each call of the interface, which finds the domain and loads what does it. */
import {type Disposable, DisposableStore} from '../base/disposable.ts';
import type {Picture} from '../base/picture.ts';
import type {AccessReport, RemedyResult} from '../model/access-report.ts';
import type {Capabilities, HostInfo} from '../model/capabilities.ts';
import type {DeviceChangeOptions, DeviceChoice} from '../model/device-change.ts';
import type {DomainCapabilities, DomainCapabilitiesQuery} from '../model/domain-capabilities.ts';
import type {AdoptResult} from '../model/foreign-guest.ts';
import type {KeyChord} from '../model/guest-keys.ts';
import type {
  Abilities,
  CapabilitiesOptions,
  ConsoleDevice,
  ConsoleStream,
  DefineOptions,
  DefineResult,
  DomainEvent,
  DomainStats,
  DomainSummary,
  DriverInstance,
  Hypervisor,
  LogChoice,
  MonitorCommandOptions,
  MonitorEvent,
  NativeImport,
  NativeSource,
  OpenConsoleOptions,
  SaveOptions,
} from '../model/hypervisor.ts';
import type {InstanceSecurity} from '../model/instance-security.ts';
import type {MediaChange, MediaOptions} from '../model/media-change.ts';
import type {DomainDrift, SecurityReport} from '../model/security-report.ts';
import type {StartPlan} from '../model/start-plan.ts';
import type {DriftWatch} from './confinement/drift-watch.ts';
import type {FileLooker} from './confinement/look-at-files.ts';
import type {ConsoleHub} from './console-hub.ts';
import {acceptDefinition, undefineDomain} from './define-domain.ts';
import type {Domain} from './domain.ts';
import {DomainJobs} from './domain-jobs.ts';
import {type DomainTable, newDomain} from './domain-table.ts';
import type {DriverContext} from './driver-context.ts';
import type {EmulatorService} from './emulator-service.ts';
import type {ForeignGuests} from './foreign/foreign-guests.ts';
import type {DeviceChangeContext} from './hotplug/change-devices.ts';
import {domainLogPath} from './instance-paths.ts';
import {readLogLines} from './read-log-lines.ts';
import {readStats} from './read-stats.ts';
import type {RemedyRunner} from './run-remedy.ts';

const ALL_ABILITIES: Abilities = {console: true, monitor: true, security: true, stats: true, foreign: true};

/** libvirt's QEMU driver on this host: the domains of one instance. */
export class QemuDriver implements Hypervisor {
  readonly abilities = ALL_ABILITIES;
  readonly instance: DriverInstance;
  readonly #context: DriverContext;
  readonly #table: DomainTable;
  readonly #emulators: EmulatorService;
  #consoles: Promise<ConsoleHub> | undefined;
  #remedies: RemedyRunner | undefined;
  #foreign: Promise<ForeignGuests> | undefined;
  #drift: Promise<DriftWatch> | undefined;
  #looker: FileLooker | undefined;
  readonly #openingWarnings: string[];
  readonly #jobs: DomainJobs;
  #follower: Promise<Disposable> | undefined;
  /** Of monitors, which nobody may have ended. */
  readonly #readers = new DisposableStore();

  constructor(context: DriverContext) {
    this.#context = context;
    this.#jobs = new DomainJobs(context);
    this.instance = context.instance;
    this.#table = context.table;
    this.#emulators = context.emulators;
    this.#openingWarnings = [...context.warnings];
  }

  async close(): Promise<void> {
    await this.#table.settled();
    (await this.#follower)?.dispose();
    this.#readers.dispose();
    (await this.#consoles)?.dispose();
    this.#table.dispose();
    this.#emulators.dispose();
    await this.#context.lock?.release();
  }

  capabilities(options: CapabilitiesOptions = {}): Promise<Capabilities> {
    return this.#emulators.capabilities(options);
  }

  async domainCapabilities(query: DomainCapabilitiesQuery): Promise<DomainCapabilities> {
    const {askDomainCapabilities} = await import('./domain-caps/ask-domain-capabilities.ts');
    const {configHome, uid} = this.#context;
    return askDomainCapabilities(query, {emulators: this.#emulators, configHome, uid});
  }

  nodeInfo(): Promise<HostInfo> {
    return this.#emulators.nodeInfo();
  }

  async listDomains(): Promise<readonly DomainSummary[]> {
    return this.#table.all().map(domain => domain.summary());
  }

  async listForeignDomains(): Promise<readonly DomainSummary[]> {
    await (await this.#foreignGuests()).look();
    return this.#table.foreign().map(domain => domain.summary());
  }

  async domainLookup(nameOrUuid: string): Promise<DomainSummary> {
    const own = this.#table.findOwn(nameOrUuid);
    const found = own ? undefined : await (await this.#foreignGuests()).lookUp(nameOrUuid);
    return (found?.domain ?? this.#table.find(nameOrUuid)).summary();
  }

  async domainAdopt(name: string, options: {readonly name?: string} = {}): Promise<AdoptResult> {
    this.#jobs.requireWritable('adopt a domain');
    const {adoptGuest} = await import('./foreign/adopt-guest.ts');
    return adoptGuest(name, {...this.#context, ...options, guests: await this.#foreignGuests()});
  }

  async domainDefineXml(xml: string, options: DefineOptions = {}): Promise<DefineResult> {
    this.#jobs.requireWritable('define a domain');
    const {definitions, defaults} = this.#context;
    const {def, warnings} = await acceptDefinition(xml, {table: this.#table, defaults, ...options});
    const known = this.#table.byUuid(def.uuid);
    const domain = known ?? newDomain(def);
    return domain.enqueue(async () => {
      const created = domain.parts.def === undefined;
      await definitions.save(def);
      domain.parts.def = def;
      if (!known) this.#table.add(domain);
      this.#table.changed(domain);
      return {name: def.name, uuid: def.uuid, created, warnings};
    });
  }

  domainUndefine(name: string): Promise<void> {
    return this.#jobs.change(name, 'undefine', domain => undefineDomain(domain, this.#context));
  }

  async domainGetXml(name: string, options: {readonly inactive?: boolean} = {}): Promise<string> {
    return this.#table.find(name).xml(options);
  }

  async domainXmlToNative(name: string): Promise<string> {
    const domain = this.#table.find(name);
    const {nativeCommandLine} = await import('./native-command-line.ts');
    return nativeCommandLine(domain, async () => (await this.#jobs.startContext(domain.name)).context);
  }

  async domainStartPlan(name: string): Promise<StartPlan> {
    const domain = this.#table.find(name);
    const def = domain.requireStartable();
    const {startPlan} = await import('./native-command-line.ts');
    const {context, warnings} = await this.#jobs.startContext(domain.name);
    const plan = await startPlan(def, context);
    return {...plan, warnings: [...plan.warnings, ...warnings]};
  }

  async domainXmlFromNative(source: NativeSource): Promise<NativeImport> {
    const {nativeToDomain} = await import('./convert/native-to-domain.ts');
    const nameOfUuid = (uuid: string) => this.#table.byUuid(uuid)?.name;
    return nativeToDomain(source, {nameOfUuid, newUuid: () => this.#context.defaults.newUuid()});
  }

  async domainCreate(name: string): Promise<void> {
    await this.#jobs.change(name, 'start', domain => this.#jobs.start(domain, domain.requireStartable()));
  }

  domainShutdown(name: string): Promise<void> {
    return this.#jobs.changeRun(name, 'shut down', run => run.powerDown(), ['running', 'in shutdown']);
  }

  domainReboot(name: string): Promise<void> {
    return this.#jobs.changeRun(name, 'reboot', run => run.reboot(), ['running']);
  }

  domainReset(name: string): Promise<void> {
    return this.#jobs.changeRun(name, 'reset', run => run.reset());
  }

  domainDestroy(name: string): Promise<void> {
    return this.#jobs.changeRun(name, 'force off', run => run.destroy());
  }

  domainSuspend(name: string): Promise<void> {
    return this.#jobs.changeRun(name, 'pause', run => run.suspend(), ['running', 'in shutdown']);
  }

  async domainResume(name: string): Promise<void> {
    await this.#jobs.changeRun(
      name,
      'resume',
      run => (run.status.state.is === 'pmsuspended' ? run.wakeup() : run.resume()),
      ['paused', 'pmsuspended', 'crashed'],
    );
  }

  async domainSave(name: string, path: string, options: SaveOptions = {}): Promise<void> {
    const {saveDomain} = await import('./save/save-domain.ts');
    await this.#jobs.changeRun(name, 'save', run => saveDomain(run, path, options, this.#context.defaults), [
      'running',
      'paused',
    ]);
  }

  async domainRestore(path: string, options: {readonly runs?: boolean} = {}): Promise<{readonly name: string}> {
    this.#jobs.requireWritable('restore a domain');
    const {restoreDomain} = await import('./save/restore-domain.ts');
    return restoreDomain(path, options, {...this.#context, jobs: this.#jobs});
  }

  async domainChangeMedia(
    name: string,
    target: string | undefined,
    change: MediaChange,
    options: MediaOptions = {},
  ): Promise<void> {
    await this.#jobs.change(name, 'change a medium of', async domain => {
      const {changeMedia} = await import('./media/change-media.ts');
      const {context, warnings} = await this.#jobs.startContext(domain.name);
      const told = await changeMedia(domain, {target, change, options}, {...this.#context, ...context});
      for (const warning of [...told, ...warnings]) context.warn(domain.name, warning);
      this.#table.changed(domain);
    });
  }

  domainAttachDevice(name: string, xml: string, options: DeviceChangeOptions = {}): Promise<void> {
    return this.#changeDevices(name, 'attach a device to', async (domain, context) => {
      const {attachDevice} = await import('./hotplug/change-devices.ts');
      return attachDevice(domain, xml, options, context);
    });
  }

  domainDetachDevice(name: string, device: DeviceChoice, options: DeviceChangeOptions = {}): Promise<void> {
    return this.#changeDevices(name, 'detach a device of', async (domain, context) => {
      const {detachDevice} = await import('./hotplug/change-devices.ts');
      return detachDevice(domain, device, options, context);
    });
  }

  #changeDevices(
    name: string,
    tried: string,
    job: (domain: Domain, context: DeviceChangeContext) => Promise<readonly string[]>,
  ): Promise<void> {
    return this.#jobs.change(name, tried, async domain => {
      const {context, warnings} = await this.#jobs.startContext(domain.name);
      const changed = () => this.#table.changed(domain);
      const told = await job(domain, {...this.#context, ...context, changed});
      for (const warning of [...told, ...warnings]) context.warn(domain.name, warning);
      changed();
    });
  }

  async domainStats(names?: readonly string[]): Promise<readonly DomainStats[]> {
    const all = () => [...this.#table.all(), ...this.#table.foreign()];
    const domains = names ? names.map(name => this.#table.find(name)) : all();
    return readStats(domains, performance.now());
  }

  async instanceSecurity(): Promise<InstanceSecurity> {
    const {instanceSecurity} = await import('./instance-security.ts');
    return instanceSecurity(this.#context);
  }

  async domainSecurity(name: string): Promise<SecurityReport> {
    const {observeSecurity} = await import('./confinement/observe-security.ts');
    return observeSecurity(this.#table.find(name), {...this.#context, looker: await this.#fileLooker()});
  }

  async domainDrift(): Promise<readonly DomainDrift[]> {
    this.#drift ??= this.#makeDriftWatch();
    return (await this.#drift).read(this.#table.all());
  }

  async #makeDriftWatch(): Promise<DriftWatch> {
    const {DriftWatch} = await import('./confinement/drift-watch.ts');
    return new DriftWatch({...this.#context, looker: await this.#fileLooker()});
  }

  async #fileLooker(): Promise<FileLooker> {
    const {FileLooker} = await import('./confinement/look-at-files.ts');
    this.#looker ??= new FileLooker();
    return this.#looker;
  }

  async domainExplain(name: string): Promise<AccessReport> {
    const {explainDomain} = await import('./explain-domain.ts');
    return explainDomain(this.#table.find(name), this.#context);
  }

  async domainRemedy(name: string, command: string): Promise<RemedyResult> {
    this.#jobs.requireWritable('change files of the host');
    const {RemedyRunner} = await import('./run-remedy.ts');
    this.#remedies ??= new RemedyRunner();
    return this.#remedies.run(await this.domainExplain(name), command);
  }

  async domainLog(name: string, options: {readonly lines?: number} = {}): Promise<readonly string[]> {
    return readLogLines(domainLogPath(this.#context.paths, this.#table.find(name).name), options.lines);
  }

  async domainOpenLog(name: string, options: LogChoice = {}): Promise<ConsoleStream> {
    return (await this.#hub()).openLog(this.#table.find(name), options);
  }

  async domainConsoles(name: string): Promise<readonly ConsoleDevice[]> {
    return (await this.#hub()).devices(this.#table.find(name));
  }

  async domainOpenConsole(name: string, options: OpenConsoleOptions = {}): Promise<ConsoleStream> {
    const domain = this.#table.find(name);
    return (await this.#hub()).open(domain, options.device, options);
  }

  async domainMonitorCommand(name: string, command: string, options: MonitorCommandOptions): Promise<string> {
    const domain = this.#table.find(name);
    const {runMonitorCommand} = await import('./run-monitor-command.ts');
    return runMonitorCommand(domain, command, {...options, instance: this.instance, paths: this.#context.paths});
  }

  async domainMonitorHistory(name: string): Promise<readonly string[]> {
    const {readMonitorHistory} = await import('./monitor-history.ts');
    return readMonitorHistory(this.#context.paths, this.#table.find(name).uuid);
  }

  async domainScreenshot(name: string, options: {readonly screen?: number} = {}): Promise<Picture> {
    this.#table.find(name).requireOwn('take a screenshot of');
    const {screenshotDomain} = await import('./screenshot-domain.ts');
    return screenshotDomain(this.#table.find(name), this.#context, options);
  }

  async domainSendKeys(
    name: string,
    chords: readonly KeyChord[],
    options: {readonly holdTimeMs?: number} = {},
  ): Promise<void> {
    const tried = 'send keys to';
    this.#jobs.requireWritable(`${tried} a domain`);
    const domain = this.#table.find(name);
    const [{requireKeyTaker, sendKeys}, {useMonitor}] = await Promise.all([
      import('./send-keys.ts'),
      import('./use-monitor.ts'),
    ]);
    domain.requireOwn(tried);
    requireKeyTaker(domain);
    await useMonitor(domain, {paths: this.#context.paths, tried}, monitor => sendKeys(monitor, chords, options));
  }

  onDomainEvent(listener: (event: DomainEvent) => void): Disposable {
    for (const message of this.#openingWarnings.splice(0)) queueMicrotask(() => listener({type: 'warning', message}));
    this.#follow();
    void this.#hub(); // records the lines of guests: what fails is told as a warning
    return this.#table.onEvent(listener);
  }

  async domainMonitorEvents(
    listener: (event: MonitorEvent) => void,
    options: {readonly domain?: string} = {},
  ): Promise<Disposable> {
    const domain = options.domain === undefined ? undefined : this.#table.find(options.domain);
    domain?.requireOwn('listen to the monitor of');
    const isMeant = (name: string) => domain === undefined || name === domain.name;
    if (!this.instance.readOnly) return this.#table.onMonitorEvent(event => isMeant(event.domain) && listener(event));
    this.#follow();
    const {MonitorEventReader} = await import('./monitor-event-reader.ts');
    const reader = MonitorEventReader.open({paths: this.#context.paths, table: this.#table, listener, domain});
    return this.#readers.add(await reader);
  }

  #follow(): void {
    this.#follower ??= this.#context.follow?.();
  }

  /** Loaded when others' guests are asked for. */
  #foreignGuests(): Promise<ForeignGuests> {
    this.#foreign ??= import('./foreign/foreign-guests.ts').then(module => new module.ForeignGuests(this.#context));
    return this.#foreign;
  }

  /** Loaded when the first console is asked for, or somebody stays to listen. */
  #hub(): Promise<ConsoleHub> {
    this.#consoles ??= import('./console-hub.ts').then(({openConsoleHub}) => openConsoleHub(this.#context));
    return this.#consoles;
  }
}
