import {resolve} from 'node:path';
import {type AppState, selectedDomain} from '../app/app-state.ts';
import type {CommandId} from '../app/command-ids.ts';
import {say} from '../app/jobs.ts';
import {draftOf} from '../app/line-draft.ts';
import {errorMessage, infoMessage, noticeMessage} from '../app/messages.ts';
import type {Store} from '../app/store.ts';
import {openCommandLine, popModal, pushModal} from '../app/view-state.ts';
import {diskTargets} from '../model/disk-targets.ts';
import {diskXml} from '../model/disk-xml.ts';
import type {Hypervisor} from '../model/hypervisor.ts';

/** Disks that the selected domain gets and loses. Nothing here fails: an error becomes a message. */
export class DiskEffects {
  readonly #store: Store<AppState>;
  readonly #hypervisor: Hypervisor;

  constructor({store, hypervisor}: {readonly store: Store<AppState>; readonly hypervisor: Hypervisor}) {
    this.#store = store;
    this.#hypervisor = hypervisor;
  }

  /** Begins to type which image a domain gets, with a target that is free. */
  async openAttach(domain: string): Promise<void> {
    const taken = await this.#targets(domain);
    const letter = [...'bcdefghijklmnopqrstuvwxyz'].find(one => !taken?.includes(`vd${one}`));
    if (taken) this.#openLine(`attach vd${letter ?? 'b'} `, []);
  }

  /** Begins to type which disk a domain loses, with those that it has. */
  async openDetach(domain: string): Promise<void> {
    const targets = await this.#targets(domain);
    if (targets?.length === 0) say(this.#store, noticeMessage(`domain '${domain}' has no disks`));
    else if (targets)
      this.#openLine(`detach ${targets.length === 1 ? (targets[0] ?? '') : ''}`, targets.length === 1 ? [] : targets);
  }

  /** Gives the selected domain a disk. */
  async attach(target: string, path: string): Promise<void> {
    const domain = this.#selected();
    if (domain === undefined) return;
    const format = path.endsWith('.qcow2') ? 'qcow2' : 'raw';
    const sourceType = path.startsWith('/dev/') ? 'block' : 'file';
    const xml = diskXml({source: resolve(path), sourceType, target, format});
    try {
      await this.#hypervisor.domainAttachDevice(domain, xml);
      say(this.#store, infoMessage(`disk '${target}' (${format}) was attached to domain '${domain}'`));
    } catch (error) {
      say(this.#store, errorMessage(error));
    }
  }

  /** Asks before the selected domain loses a disk. */
  askDetach(target: string): void {
    const domain = this.#selected();
    if (domain === undefined) return;
    const question = `Take disk '${target}' from '${domain}'? What its guest has not written to it is lost.`;
    const modal = {is: 'confirm', action: 'detach-disk', target, domain, question} as const;
    this.#store.update(state => ({...state, view: pushModal(state.view, modal)}));
  }

  /** @returns false for a command that is not about disks */
  act(command: CommandId): boolean {
    const modal = this.#store.get().view.modals.at(-1);
    if (command !== 'modal.yes' || modal?.is !== 'confirm' || modal.action !== 'detach-disk') return false;
    this.#store.update(state => ({...state, view: popModal(state.view)}));
    void this.#detach(modal.domain, modal.target); // never fails
    return true;
  }

  async #detach(domain: string, target: string): Promise<void> {
    try {
      await this.#hypervisor.domainDetachDevice(domain, {target});
      say(this.#store, infoMessage(`disk '${target}' was detached from domain '${domain}'`));
    } catch (error) {
      say(this.#store, errorMessage(error));
    }
  }

  async #targets(domain: string): Promise<readonly string[] | undefined> {
    try {
      return diskTargets(await this.#hypervisor.domainGetXml(domain));
    } catch (error) {
      say(this.#store, errorMessage(error));
      return undefined;
    }
  }

  #selected(): string | undefined {
    const name = selectedDomain(this.#store.get())?.name;
    if (name === undefined) say(this.#store, noticeMessage('no domain is selected'));
    return name;
  }

  #openLine(text: string, offers: readonly string[]): void {
    this.#store.update(state => {
      const view = openCommandLine(state.view);
      if (view.prompt.is !== 'command') return state;
      return {...state, view: {...view, prompt: {...view.prompt, draft: draftOf(text), offers}}};
    });
  }
}
