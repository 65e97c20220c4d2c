import {VirtError} from '../base/virt-error.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {formatState} from '../model/domain-state.ts';
import type {Domain} from './domain.ts';
import type {DriverContext} from './driver-context.ts';
import {NetNames} from './nets/net-names.ts';
import {PortAllocator} from './port-allocator.ts';
import type {RunningDomain} from './running-domain.ts';
import type {SavedState} from './save/restore-stream.ts';
import type {StartContext} from './start-domain.ts';

/** Where a guest that was saved goes on from. */
export interface RestoredFrom {
  /** For `-incoming`. */
  readonly migrateFrom: string;
  /** What is to be sent to an emulator that waits for it; absent for one that reads the file by itself. */
  readonly state?: SavedState;
  readonly runs: boolean;
}

/** What changes the domains of an instance, one job after the other for each, and what starts of all of them share. */
export class DomainJobs {
  readonly #context: DriverContext;
  readonly #ports = new PortAllocator();
  readonly #netNames: NetNames;

  constructor(context: DriverContext) {
    this.#context = context;
    this.#netNames = new NetNames(context.paths.run);
  }

  /** Starts a domain; called in a job of its own. @throws {VirtError} as `startDomain`; what failed is the domain's last end */
  async start(domain: Domain, def: DomainDef, from?: RestoredFrom): Promise<void> {
    const {startDomain} = await import('./start-domain.ts');
    try {
      const {context: own, warnings} = await this.startContext(domain.name);
      const context = from ? goingOn(own, from) : own;
      await startDomain(def, await this.#context.nextId(), context, run => this.#context.table.adopt(domain, run));
      for (const warning of warnings) context.warn(domain.name, warning);
    } catch (error) {
      this.#context.table.abandon(domain);
      const detail = error instanceof VirtError ? error.detail : [];
      this.#context.table.recordEnd(domain, {state: {is: 'shut off', reason: 'failed'}, lastWords: detail});
      this.#context.table.changed(domain);
      throw error;
    }
  }

  /** With the configuration as it is now: an edit of it counts for the next start. */
  async startContext(name: string): Promise<{readonly context: StartContext; readonly warnings: readonly string[]}> {
    const {configurationWarnings, readStartConfiguration, requireSettings} = await import(
      './config/start-configuration.ts'
    );
    const configuration = await readStartConfiguration(this.#context.configuration, this.#context);
    const warn = (domain: string, message: string) => this.#context.table.emit({type: 'warning', domain, message});
    const context = {
      ...this.#context,
      settings: requireSettings(configuration, `start domain '${name}'`),
      registry: await this.#context.emulators.registry(),
      ports: this.#ports,
      netNames: this.#netNames,
      warn,
    };
    return {context, warnings: configurationWarnings(configuration)};
  }

  /**
   * A job about the run of a domain.
   *
   * @param tried  e.g. `pause`, for messages
   * @param states  in which it may be; any if not said
   * @throws {VirtError} OPERATION_INVALID in another state, OPERATION_DENIED on a read-only connection, NO_DOMAIN
   */
  changeRun(
    name: string,
    tried: string,
    job: (run: RunningDomain) => Promise<void>,
    states?: readonly string[],
  ): Promise<void> {
    return this.change(name, tried, async domain => {
      const run = domain.requireRunning(tried);
      if (states && !states.includes(domain.state.is)) {
        throw new VirtError(
          'OPERATION_INVALID',
          'QEMU',
          `cannot ${tried} domain '${domain.name}': it is ${formatState(domain.state)}`,
        );
      }
      await job(run);
    });
  }

  /** A job that changes a domain of this instance. @throws {VirtError} OPERATION_DENIED on a read-only connection, NO_DOMAIN */
  change(name: string, tried: string, job: (domain: Domain) => Promise<void>): Promise<void> {
    this.requireWritable(`${tried} a domain`);
    const domain = this.#context.table.find(name);
    return domain.enqueue(async () => {
      domain.requireOwn(tried);
      await job(domain);
    });
  }

  /** @throws {VirtError} OPERATION_DENIED on a read-only connection */
  requireWritable(tried: string): void {
    const {readOnly, readOnlyReason} = this.#context.instance;
    if (readOnly)
      throw new VirtError(
        'OPERATION_DENIED',
        'QEMU',
        `cannot ${tried}: the connection is read-only${readOnlyReason ? `, ${readOnlyReason}` : ''}`,
      );
  }
}

function goingOn(context: StartContext, {migrateFrom, runs, state}: RestoredFrom): StartContext {
  const restores = {runs, ...(state ? {state} : {})};
  return {...context, settings: {...context.settings, migrateFrom}, restores};
}
