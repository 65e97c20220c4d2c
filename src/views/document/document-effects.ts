import {type AppState, selectedDomain} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {documentText, openDocument, plainLines, xmlPages} from '../../app/document.ts';
import type {EditText} from '../../app/edit-text.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {pushModal} from '../../app/view-state.ts';
import {hasFailed, isActive} from '../../model/domain-state.ts';
import type {DomainSummary, Hypervisor} from '../../model/hypervisor.ts';
import {ImportFlow} from '../import/import-flow.ts';
import {readImportSource} from '../import/import-source.ts';
import {AccessFlow} from './access-flow.ts';
import {frontDocument} from './reduce-document.ts';
import {XmlEditor} from './xml-editor.ts';

export interface DocumentEffectsOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  /** With the screen away. */
  readonly editText: EditText;
  /** Reads a file that the user named. */
  readonly readTextFile: (path: string) => Promise<string>;
  /** Puts a sanitised text into the terminal's clipboard. */
  readonly copy: (text: string) => void;
}

/** Opens, copies and edits documents about a domain. Nothing here fails: an error becomes a message. */
export class DocumentEffects {
  readonly #options: DocumentEffectsOptions;
  readonly #editor: XmlEditor;
  readonly #imports: ImportFlow;
  readonly #access: AccessFlow;

  constructor(options: DocumentEffectsOptions) {
    this.#options = options;
    this.#editor = new XmlEditor(options);
    this.#imports = new ImportFlow(options);
    this.#access = new AccessFlow(options);
  }

  /** @returns false for a command that is not about documents */
  act(command: CommandId): boolean {
    switch (command) {
      case 'domain.xml':
        this.#withSelected(domain => this.#showXml(domain));
        return true;
      case 'domain.command-line':
        this.#withSelected(domain => this.#showCommandLine(domain));
        return true;
      case 'domain.explain':
        this.#withSelected(domain => this.explain(domain.name));
        return true;
      case 'domain.edit':
        this.#withSelected(domain => this.#editor.edit(domain.name));
        return true;
      case 'document.copy':
        this.#copy();
        return true;
      default:
        return this.#editor.act(command) || this.#imports.act(command) || this.#access.act(command);
    }
  }

  /** Imports a command line from what was typed behind `:import`; without it, that is asked for. */
  importFrom(typed: string): void {
    const source = readImportSource(typed);
    if (source)
      void this.#imports.read(source); // never fails
    else this.act('import.open');
  }

  /** Shows what the process of a domain reaches, and what would help where it does not. */
  async explain(domain: string): Promise<void> {
    try {
      await this.#access.explain(domain);
    } catch (error) {
      say(this.#options.store, errorMessage(error));
    }
  }

  async #showXml({name, state, persistent}: DomainSummary): Promise<void> {
    const {hypervisor} = this.#options;
    const pages = xmlPages({
      ...(isActive(state) ? {live: await hypervisor.domainGetXml(name)} : {}),
      ...(persistent ? {saved: await hypervisor.domainGetXml(name, {inactive: true})} : {}),
    });
    const title = pages.length > 1 ? `XML of ${name}` : `XML of ${name}, ${pages[0]?.name ?? ''}`;
    if (hasFailed(state)) await this.#access.explain(name, {title: `XML of ${name}, which did not start`, pages});
    else this.#show(title, pages);
  }

  async #showCommandLine({name, state}: DomainSummary): Promise<void> {
    const text = await this.#options.hypervisor.domainXmlToNative(name);
    const whose = isActive(state) ? 'as it was started' : 'as a start would use it';
    this.#show(`Command line of ${name}, ${whose}`, [{name: 'command line', lines: plainLines(text)}]);
  }

  #show(title: string, pages: Parameters<typeof openDocument>[1]): void {
    const document = openDocument(title, pages);
    this.#options.store.update(state => ({...state, view: pushModal(state.view, document)}));
  }

  #copy(): void {
    const {store, copy} = this.#options;
    const document = frontDocument(store.get());
    if (!document) return;
    const text = documentText(document);
    copy(text);
    const lines = text.split('\n').length - 1;
    say(store, infoMessage(`Copied ${lines} ${lines === 1 ? 'line' : 'lines'} to the terminal's clipboard (OSC 52)`));
  }

  #withSelected(run: (domain: DomainSummary) => Promise<void>): void {
    const {store} = this.#options;
    const domain = selectedDomain(store.get());
    if (domain) run(domain).catch(error => say(store, errorMessage(error)));
    else say(store, noticeMessage('no domain is selected'));
  }
}
