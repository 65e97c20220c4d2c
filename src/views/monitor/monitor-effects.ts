import {type AppState, withEntry} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, infoMessage} from '../../app/messages.ts';
import {MonitorCompleter} from '../../app/monitor-completer.ts';
import {
  addEvent,
  addPast,
  beginCommand,
  completeDraft,
  EMPTY_MONITOR,
  endCommand,
  type MonitorLog,
  typedText,
  walkHistory,
} from '../../app/monitor-log.ts';
import type {Store} from '../../app/store.ts';
import type {Disposable} from '../../base/disposable.ts';
import {indentJson} from '../../base/indent-json.ts';
import {messageOf} from '../../base/virt-error.ts';
import type {Hypervisor, MonitorEvent} from '../../model/hypervisor.ts';
import {monitorHindrance} from './rows.ts';

export interface MonitorEffectsOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly nextPane: () => void;
}

/** What the monitor pane does outside the store. Nothing here fails: an error becomes a message or a line of the pane. */
export class MonitorEffects {
  readonly #options: MonitorEffectsOptions;
  readonly #completer: MonitorCompleter;
  /** Of the domains whose events are shown. */
  readonly #events = new Map<string, Disposable>();

  constructor(options: MonitorEffectsOptions) {
    this.#options = options;
    this.#completer = new MonitorCompleter(options.hypervisor);
  }

  /** @returns false for a command that is not about the monitor */
  act(command: CommandId): boolean {
    const {store} = this.#options;
    const guard = (work: Promise<void>) => void work.catch(error => say(store, errorMessage(error)));
    switch (command) {
      case 'monitor.run':
        guard(this.#run());
        return true;
      case 'monitor.complete':
        guard(this.#complete());
        return true;
      case 'monitor.older':
      case 'monitor.newer':
        guard(this.#walk(command === 'monitor.older' ? -1 : 1));
        return true;
      case 'monitor.events':
        guard(this.#toggleEvents());
        return true;
      default:
        return false;
    }
  }

  /** Runs what stands at the prompt: HMP, or QMP where it begins with a brace. */
  async #run(): Promise<void> {
    const {store, hypervisor} = this.#options;
    const {name, log} = this.#current();
    const command = log.draft.text.trim();
    if (name === undefined || log.busy || command === '' || monitorHindrance(store.get()) !== undefined) return;
    const format = command.startsWith('{') ? 'qmp' : 'hmp';
    this.#change(name, before => beginCommand(before, command));
    try {
      const answer = await hypervisor.domainMonitorCommand(name, command, {format, by: 'person'});
      const text = format === 'qmp' ? indentJson(answer) : answer;
      this.#change(name, before => endCommand(before, 'answer', text));
    } catch (error) {
      this.#change(name, before => endCommand(before, 'error', messageOf(error)));
    }
  }

  /** Completes what stands before the cursor; not when the user typed on meanwhile. */
  async #complete(): Promise<void> {
    const {name, log} = this.#current();
    if (log.draft.text === '' || name === undefined) {
      this.#options.nextPane();
      return;
    }
    const offers = await this.#completer.complete(name, typedText(log));
    this.#change(name, before => (before.draft === log.draft ? completeDraft(before, offers) : before));
  }

  async #walk(step: -1 | 1): Promise<void> {
    const {name, log} = this.#current();
    if (name === undefined) return;
    if (!log.knowsPast) {
      const past = await this.#options.hypervisor.domainMonitorHistory(name);
      this.#change(name, before => addPast(before, past));
    }
    this.#change(name, before => walkHistory(before, step));
  }

  async #toggleEvents(): Promise<void> {
    const {store, hypervisor} = this.#options;
    const {name} = this.#current();
    if (name === undefined) return;
    const shown = this.#events.get(name);
    if (shown) {
      shown.dispose();
      this.#events.delete(name);
    } else {
      const listen = (event: MonitorEvent) =>
        this.#change(name, before => addEvent(before, `${event.name} ${event.data ?? ''}`.trimEnd(), event.atMs));
      this.#events.set(name, await hypervisor.domainMonitorEvents(listen, {domain: name}));
    }
    this.#change(name, before => ({...before, showsEvents: !shown}));
    say(
      store,
      infoMessage(shown ? `events of '${name}' are not shown any more` : `events of '${name}' are shown, UTC`),
    );
  }

  #current(): {readonly name: string | undefined; readonly log: MonitorLog} {
    const {monitors, view} = this.#options.store.get();
    return {name: view.selected, log: monitors.get(view.selected ?? '') ?? EMPTY_MONITOR};
  }

  #change(name: string, change: (before: MonitorLog) => MonitorLog): void {
    this.#options.store.update(state => {
      const log = change(state.monitors.get(name) ?? EMPTY_MONITOR);
      return {...state, monitors: withEntry(state.monitors, name, log)};
    });
  }
}
