import type {AppState} from '../../app/app-state.ts';
import {unseenWarnings} from '../../app/check-definition.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {definitionName, freeName, withDefinitionName} from '../../app/definition-name.ts';
import type {DocumentLine, ImportReview} from '../../app/document.ts';
import type {EditText} from '../../app/edit-text.ts';
import {say} from '../../app/jobs.ts';
import {draftOf} from '../../app/line-draft.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {openImport, popModal, pushModal, selectDomain} from '../../app/view-state.ts';
import {formatProblem} from '../../base/problem.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import type {Hypervisor, NativeSource} from '../../model/hypervisor.ts';
import {frontDocument} from '../document/reduce-document.ts';
import {refusalLine} from '../document/review-document.ts';
import {typeText} from '../drafts.ts';
import {type ImportSource, isContinued, originOf, readImportSource, suggestedName} from './import-source.ts';
import {importNameProblem, reviewImport} from './review-import.ts';

export interface ImportFlowOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  /** Reads a file that the user named. */
  readonly readTextFile: (path: string) => Promise<string>;
  readonly editText: EditText;
}

/** Imports command lines: where from, what it comes to, its name, a question. What was not defined is kept. */
export class ImportFlow {
  readonly #options: ImportFlowOptions;
  /** What was looked at last and neither defined nor thrown away. */
  #kept: ImportReview | undefined;

  constructor(options: ImportFlowOptions) {
    this.#options = options;
  }

  /** @returns false for a command that is not about an import */
  act(command: CommandId): boolean {
    switch (command) {
      case 'import.open':
        this.#open();
        return true;
      case 'import.read':
        this.#read();
        return true;
      default:
        return this.#actOnReview(command);
    }
  }

  /** Reads what was typed or pasted and shows what it comes to. Never fails: an error is told at the prompt. */
  async read(source: ImportSource): Promise<void> {
    try {
      await this.#show(await this.#load(source), originOf(source), suggestedName(source));
    } catch (error) {
      this.#tell(error);
    }
  }

  #actOnReview(command: CommandId): boolean {
    const review = frontDocument(this.#options.store.get())?.review;
    if (review?.is !== 'import') return false;
    switch (command) {
      case 'import.define':
        this.#guard(this.#define(review));
        return true;
      case 'import.edit':
        this.#guard(this.#edit(review));
        return true;
      case 'review.validate':
        if (review.xml !== undefined) this.#ask({...review, validate: !review.validate});
        return true;
      case 'import.later':
        this.#kept = review;
        this.#close('Nothing was defined; the import is kept: i, then Enter goes on with it');
        return true;
      case 'import.discard':
        this.#kept = undefined;
        this.#close('Nothing was defined; the import was thrown away');
        return true;
      case 'naming.take':
        this.#takeName(review);
        return true;
      default:
        return false;
    }
  }

  #open(): void {
    const kept = this.#kept?.origin;
    this.#options.store.update(state => ({...state, view: openImport(state.view, kept)}));
  }

  #read(): void {
    const {store} = this.#options;
    const {prompt} = store.get().view;
    if (prompt.is !== 'import') return;
    const {text} = prompt.draft;
    const source = readImportSource(text);
    // As a shell does it: the line goes on. Of pasted text only the terminals without its marks come here.
    if (isContinued(text)) store.update(state => typeText(state, '\n'));
    else if (source)
      void this.read(source); // never fails
    else if (this.#kept) this.#ask(this.#kept);
  }

  async #load(source: ImportSource): Promise<NativeSource> {
    if (source.is === 'process') return {pid: source.pid};
    if (source.is === 'text') return {text: source.text};
    try {
      return {text: await this.#options.readTextFile(source.path)};
    } catch (error) {
      if (source.isCommandLine) return {text: source.path};
      throw error;
    }
  }

  async #show(source: NativeSource, origin: string, suggestion: string): Promise<void> {
    const imported = await this.#options.hypervisor.domainXmlFromNative(source);
    const {xml, isNamed} = imported;
    const review: ImportReview = {is: 'import', imported, origin, isNamed, ...(xml === undefined ? {} : {xml})};
    this.#ask(review, [], suggestion);
  }

  /**
   * Shows an import in place of the one in front, or of the prompt.
   *
   * @param suggestion  given for a new one: its name is then asked for where it has none or one that is taken
   */
  #ask(review: ImportReview, notes: readonly DocumentLine[] = [], suggestion?: string): void {
    this.#options.store.update(before => {
      const state = withoutImport(before);
      const {naming: _naming, hindrance: _hindrance, ...rest} = review;
      const asked = suggestion === undefined ? undefined : nameToAsk(state, review, suggestion);
      const document = reviewImport(state, {...rest, ...(asked === undefined ? {} : {naming: draftOf(asked)})}, notes);
      return {...state, view: pushModal(state.view, document)};
    });
  }

  #takeName(review: ImportReview): void {
    const name = review.naming?.text.trim() ?? '';
    const {xml} = review;
    if (xml === undefined || importNameProblem(this.#options.store.get(), name) !== undefined) return;
    this.#ask({...review, xml: withDefinitionName(xml, name), isNamed: true});
  }

  async #edit(review: ImportReview): Promise<void> {
    const {imported, origin, xml} = review;
    const name = xml === undefined ? 'import' : definitionName(xml) || 'import';
    const text = xml ?? imported.commandLine;
    const suffix = xml === undefined ? '.args' : '.xml';
    const edited = await this.#options.editText(text, {name, suffix});
    if (edited === text) return;
    if (xml === undefined) await this.#show({text: edited}, origin, 'imported');
    else this.#ask({...review, xml: edited, isNamed: review.isNamed || definitionName(edited) !== name});
  }

  async #define({hindrance, xml, ...review}: ImportReview): Promise<void> {
    const {store, hypervisor} = this.#options;
    if (hindrance !== undefined || xml === undefined) {
      say(store, noticeMessage(`cannot define it: ${hindrance ?? 'there is no XML'}`));
      return;
    }
    try {
      const {name, warnings} = await hypervisor.domainDefineXml(xml, {validate: review.validate ?? false});
      this.#kept = undefined;
      this.#close(
        `Domain '${name}' defined from ${review.origin}`,
        unseenWarnings(warnings, xml, '').map(formatProblem),
      );
      store.update(state => ({...state, view: {...selectDomain(state.view, name), filter: ''}}));
    } catch (error) {
      const detail = error instanceof VirtError ? error.detail : [];
      this.#ask({...review, xml}, [`error: ${messageOf(error)}`, ...detail].map(refusalLine));
    }
  }

  #close(text: string, detail: readonly string[] = []): void {
    const {store} = this.#options;
    store.update(withoutImport);
    say(store, detail.length === 0 ? infoMessage(text) : {level: 'warning', text, detail});
  }

  /** At the prompt when it is still there, else as a message. */
  #tell(error: unknown): void {
    const {store} = this.#options;
    const {prompt} = store.get().view;
    if (prompt.is !== 'import') {
      say(store, errorMessage(error));
      return;
    }
    const told = {...prompt, offers: [], error: messageOf(error)};
    store.update(state => ({...state, view: {...state.view, prompt: told}}));
  }

  #guard(work: Promise<void>): void {
    work.catch(error => say(this.#options.store, errorMessage(error)));
  }
}

/** What the name is asked with; undefined when the one that the domain has will do. */
function nameToAsk(state: AppState, {xml, isNamed}: ImportReview, suggestion: string): string | undefined {
  if (xml === undefined) return undefined;
  const name = isNamed ? (definitionName(xml) ?? '') : suggestion;
  if (isNamed && importNameProblem(state, name) === undefined) return undefined;
  return freeName(name, candidate => state.domains.some(domain => domain.name === candidate));
}

/** Without the import in front and without the prompt for one. */
function withoutImport(state: AppState): AppState {
  const view = frontDocument(state)?.review?.is === 'import' ? popModal(state.view) : state.view;
  return {...state, view: view.prompt.is === 'import' ? {...view, prompt: {is: 'none'}} : view};
}
