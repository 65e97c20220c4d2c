import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {type DocumentPage, openDocument, plainLines} from '../../app/document.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {pushModal} from '../../app/view-state.ts';
import type {Capabilities} from '../../model/capabilities.ts';
import {formatCapabilitiesXml} from '../../model/capabilities-xml.ts';
import {formatDomainCapabilitiesXml} from '../../model/domain-capabilities-xml.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import type {TreeEntry} from '../tree/tree-node.ts';
import {cursorIndex} from '../tree/tree-rows.ts';
import type {CapabilitiesTree} from './capabilities-tree.ts';
import {counted} from './host-entries.ts';

export interface CapabilitiesEffectsOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly tree: CapabilitiesTree;
  readonly now: () => number;
}

/** What the capabilities pane does outside the store. Nothing here fails: an error becomes a message. */
export class CapabilitiesEffects {
  readonly #options: CapabilitiesEffectsOptions;
  #isProbing = false;

  constructor(options: CapabilitiesEffectsOptions) {
    this.#options = options;
  }

  /** @returns false for a command that is not about capabilities */
  act(command: CommandId): boolean {
    const {store} = this.#options;
    const guard = (work: Promise<void>) => void work.catch(error => say(store, errorMessage(error)));
    switch (command) {
      case 'capabilities.xml':
        guard(this.#showXml());
        return true;
      case 'capabilities.probe':
        guard(this.#probe());
        return true;
      default:
        return false;
    }
  }

  /** What the cursor is on. */
  #current(): TreeEntry | undefined {
    const {store, tree} = this.#options;
    const {capabilities, view} = store.get();
    const nodes = tree.of(capabilities).visible(view.capabilities.toggled);
    return nodes[cursorIndex(nodes, view.capabilities.cursor)]?.entry;
  }

  /** The host's capabilities and, with the cursor on an emulator, what domains can have with that one, which comes first. */
  async #showXml(): Promise<void> {
    const {store, hypervisor} = this.#options;
    const {capabilities} = store.get();
    if (!capabilities) {
      say(store, noticeMessage('the host has not answered yet'));
      return;
    }
    const host: DocumentPage = {name: 'capabilities', lines: plainLines(formatCapabilitiesXml(capabilities))};
    const emulator = this.#current()?.emulator;
    const pages = emulator === undefined ? [host] : [await this.#domainPage(hypervisor, emulator), host];
    const document = openDocument(emulator === undefined ? 'Capabilities' : `Capabilities with ${emulator}`, pages);
    store.update(state => ({...state, view: pushModal(state.view, document)}));
  }

  async #domainPage(hypervisor: Hypervisor, emulator: string): Promise<DocumentPage> {
    const told = await hypervisor.domainCapabilities({emulator});
    return {name: 'of domains', lines: plainLines(formatDomainCapabilitiesXml(told))};
  }

  /** The pane shows how far it is; what came of it is a message. */
  async #probe(): Promise<void> {
    const {store, hypervisor, now} = this.#options;
    if (this.#isProbing) {
      say(store, noticeMessage('the emulators are being asked already'));
      return;
    }
    this.#isProbing = true;
    try {
      say(store, infoMessage('Asking every emulator again'));
      const began = now();
      const capabilities = await hypervisor.capabilities({complete: true, anew: true});
      store.update(state => ({...state, capabilities}));
      say(store, infoMessage(`${probeResult(capabilities, began)}, in ${((now() - began) / 1000).toFixed(1)} s`));
    } finally {
      this.#isProbing = false;
    }
  }
}

function probeResult({emulators}: Capabilities, beganMs: number): string {
  const known = emulators.filter(info => info.status === 'ok');
  const failed = emulators.length - known.length;
  const changed = known.filter(({learnt}) => learnt?.changes !== undefined && learnt.sinceMs >= beganMs).length;
  const bad = failed === 0 ? '' : `, ${failed} could not be asked`;
  return `Asked ${counted(emulators.length, 'emulator')}: ${changed === 0 ? 'nothing changed' : `${changed} changed`}${bad}`;
}
