import type {AppState} from '../../app/app-state.ts';
import {checkDefinition, unseenWarnings} from '../../app/check-definition.ts';
import type {CommandId} from '../../app/command-ids.ts';
import type {DocumentLine, EditReview} from '../../app/document.ts';
import type {EditText} from '../../app/edit-text.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {popModal, pushModal} from '../../app/view-state.ts';
import {formatProblem} from '../../base/problem.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import {frontDocument} from './reduce-document.ts';
import {refusalLine, reviewDocument} from './review-document.ts';

export interface XmlEditorOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly editText: EditText;
}

/** Edits saved definitions: editor, check, difference, question. What was typed is kept until it is defined or thrown away. */
export class XmlEditor {
  readonly #options: XmlEditorOptions;
  /** Texts that were not defined, by domain. */
  readonly #kept = new Map<string, string>();

  constructor(options: XmlEditorOptions) {
    this.#options = options;
  }

  /** Begins to edit, or goes on with a text that was kept. @throws {VirtError} as the hypervisor and the editor do */
  async edit(domain: string): Promise<void> {
    const {store, hypervisor} = this.#options;
    const {readOnly, readOnlyReason} = store.get().instance;
    if (readOnly) {
      say(store, noticeMessage(`cannot edit: the connection is read-only: ${readOnlyReason ?? 'no changes'}`));
      return;
    }
    const before = await hypervisor.domainGetXml(domain, {inactive: true});
    await this.#run({is: 'edit', domain, before, text: this.#kept.get(domain) ?? before});
  }

  /** @returns false for a command that is not about an edited definition */
  act(command: CommandId): boolean {
    const review = frontDocument(this.#options.store.get())?.review;
    if (review?.is !== 'edit') return false;
    switch (command) {
      case 'edit.define':
        this.#guard(this.#define(review));
        return true;
      case 'edit.again':
        this.#guard(this.#run(review));
        return true;
      case 'review.validate':
        this.#ask({...review, validate: !review.validate});
        return true;
      case 'edit.later':
        this.#close(`Domain '${review.domain}' is unchanged; the text is kept: e goes on with it`);
        return true;
      case 'edit.discard':
        this.#kept.delete(review.domain);
        this.#close(`Domain '${review.domain}' is unchanged; the edited text was thrown away`);
        return true;
      default:
        return false;
    }
  }

  async #run({domain, before, text, validate = false}: EditReview): Promise<void> {
    const edited = await this.#options.editText(text, {name: domain, suffix: '.xml'});
    if (edited === before) {
      this.#kept.delete(domain);
      this.#close(`Domain '${domain}' XML configuration not changed.`);
      return;
    }
    this.#kept.set(domain, edited);
    this.#ask({is: 'edit', domain, before, text: edited, validate});
  }

  async #define(review: EditReview): Promise<void> {
    const {store, hypervisor} = this.#options;
    const {domain, text, hindrance, validate = false} = review;
    if (hindrance !== undefined) {
      say(store, noticeMessage(`cannot define it: ${hindrance}; e edits again`));
      return;
    }
    const before = await hypervisor.domainGetXml(domain, {inactive: true});
    if (before !== review.before) {
      const text = 'warning: the saved definition was changed meanwhile; this is the difference now';
      this.#ask({...review, before}, [{is: 'warning', text}]);
      return;
    }
    try {
      const {name, warnings} = await hypervisor.domainDefineXml(text, {validate});
      this.#kept.delete(domain);
      const unseen = unseenWarnings(warnings, text, archOf(store.get(), domain));
      this.#close(`Domain '${name}' XML configuration edited.`, unseen.map(formatProblem));
    } catch (error) {
      const detail = error instanceof VirtError ? error.detail : [];
      this.#ask(review, [`error: ${messageOf(error)}`, ...detail].map(refusalLine));
    }
  }

  /** Shows the difference and the problems, in place of the review that is in front. */
  #ask(edit: EditReview, notes: readonly DocumentLine[] = []): void {
    const {store} = this.#options;
    const {domain, before, text, validate = false} = edit;
    store.update(state => {
      const problems = checkDefinition(text, archOf(state, domain), {validate});
      const document = reviewDocument({is: 'edit', domain, before, text, validate}, problems, notes);
      return {...state, view: pushModal(withoutReview(state).view, document)};
    });
  }

  #close(text: string, detail: readonly string[] = []): void {
    const {store} = this.#options;
    store.update(withoutReview);
    say(store, detail.length === 0 ? infoMessage(text) : {level: 'warning', text, detail});
  }

  #guard(work: Promise<void>): void {
    work.catch(error => say(this.#options.store, errorMessage(error)));
  }
}

/** Of a domain; empty when that is not known. */
function archOf(state: AppState, domain: string): string {
  return state.domains.find(({name}) => name === domain)?.arch ?? '';
}

function withoutReview(state: AppState): AppState {
  return frontDocument(state)?.review ? {...state, view: popModal(state.view)} : state;
}
