import {StringDecoder} from 'node:string_decoder';
import type {Disposable} from '../../base/disposable.ts';
import {Emitter} from '../../base/emitter.ts';
import {messageOf} from '../../base/virt-error.ts';
import type {ConsoleStream, Hypervisor} from '../../model/hypervisor.ts';
import type {ColourDepth} from '../../ui/terminal/colour-depth.ts';
import type {ConsoleTerminal} from '../../ui/terminal/console-terminal.ts';
import type {FrameClock} from '../../ui/terminal/frame-limit.ts';
import type {TerminalPane} from '../../ui/terminal/terminal-pane.tsx';

/** How far the opening of a domain's console is. */
export type ConsoleEntry =
  | {readonly is: 'opening'}
  | {readonly is: 'open'; readonly terminal: ConsoleTerminal; readonly View: typeof TerminalPane}
  | {readonly is: 'failed'; readonly why: string};

/** How many consoles stay open behind the one that is shown: each holds its history. */
const OPEN_CONSOLES = 4;
/** Until a pane gives it its own. */
const FIRST_SIZE = {columns: 80, rows: 24};

export interface ConsoleDeckOptions {
  readonly hypervisor: Pick<Hypervisor, 'domainOpenConsole'>;
  readonly depth: ColourDepth;
  readonly clock: FrameClock;
  /** Told what went wrong when keys could not be passed on. */
  readonly onError: (error: unknown) => void;
}

/** The consoles that were opened, newest last. The terminal emulator is loaded with the first of them. */
export class ConsoleDeck implements Disposable {
  readonly #options: ConsoleDeckOptions;
  readonly #entries = new Map<string, ConsoleEntry>();
  readonly #typedEarly = new Map<string, string>();
  readonly #changeEmitter = new Emitter<void>();
  readonly #decoders = new Map<string, StringDecoder>();
  #revision = 0;
  #disposed = false;

  constructor(options: ConsoleDeckOptions) {
    this.#options = options;
  }

  /** Counts the changes that `onChange` told. */
  get revision(): number {
    return this.#revision;
  }

  /** An entry came, changed or went; the terminals tell of their own changes. */
  onChange(listener: () => void): Disposable {
    return this.#changeEmitter.on(listener);
  }

  get(domain: string): ConsoleEntry | undefined {
    return this.#entries.get(domain);
  }

  /** Opens a domain's first console unless it is open; after a failure only when `retry` is set. */
  open(domain: string, retry = false): void {
    const entry = this.#entries.get(domain);
    if (entry && !(retry && entry.is === 'failed')) return;
    this.#set(domain, {is: 'opening'});
    void this.#load(domain); // never fails: a failure becomes the entry
  }

  /** Keys for a domain's console; before it is open they are kept for it, while the guest is off they are dropped. */
  type(domain: string, bytes: Uint8Array): void {
    const keys = this.#decode(domain, bytes);
    const entry = this.#entries.get(domain);
    if (entry?.is === 'opening') this.#typedEarly.set(domain, (this.#typedEarly.get(domain) ?? '') + keys);
    if (entry?.is === 'open') this.#typeInto(entry.terminal, keys);
  }

  /** Moves the view of a console by lines, back when negative; `end` follows the output again. */
  scroll(domain: string, lines: number | 'end'): void {
    const entry = this.#entries.get(domain);
    if (entry?.is !== 'open') return;
    if (lines === 'end') entry.terminal.followOutput();
    else entry.terminal.scroll(lines);
  }

  /** Closes the consoles of domains that are gone, and the oldest beyond the number kept. */
  keep(domains: ReadonlySet<string>, shown: string | undefined): void {
    for (const name of [...this.#entries.keys()]) {
      const isSpare = this.#entries.size > OPEN_CONSOLES && name !== shown;
      if (!domains.has(name) || isSpare) this.#close(name);
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const name of [...this.#entries.keys()]) this.#close(name);
  }

  async #load(domain: string): Promise<void> {
    let stream: ConsoleStream | undefined;
    try {
      const [terminals, panes, opened] = await Promise.all([
        import('../../ui/terminal/console-terminal.ts'),
        import('../../ui/terminal/terminal-pane.tsx'),
        this.#options.hypervisor.domainOpenConsole(domain).then(it => (stream = it)),
      ]);
      if (this.#disposed || this.#entries.get(domain)?.is !== 'opening') {
        opened.dispose();
        return;
      }
      const {depth, clock} = this.#options;
      const terminal = new terminals.ConsoleTerminal(opened, {...FIRST_SIZE, depth, clock});
      this.#set(domain, {is: 'open', terminal, View: panes.TerminalPane});
      this.#typeInto(terminal, this.#typedEarly.get(domain) ?? '');
    } catch (error) {
      stream?.dispose();
      this.#set(domain, {is: 'failed', why: messageOf(error)});
    }
    this.#typedEarly.delete(domain);
  }

  #typeInto(terminal: ConsoleTerminal, keys: string): void {
    if (keys === '' || terminal.status.is !== 'live') return;
    try {
      terminal.type(keys);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** A character may arrive in two pieces. */
  #decode(domain: string, bytes: Uint8Array): string {
    const decoder = this.#decoders.get(domain) ?? new StringDecoder('utf8');
    this.#decoders.set(domain, decoder);
    return decoder.write(Buffer.from(bytes));
  }

  #set(domain: string, entry: ConsoleEntry): void {
    this.#entries.delete(domain);
    this.#entries.set(domain, entry);
    this.#changed();
  }

  #close(domain: string): void {
    const entry = this.#entries.get(domain);
    this.#entries.delete(domain);
    this.#decoders.delete(domain);
    if (entry?.is === 'open') entry.terminal.dispose();
    this.#changed();
  }

  #changed(): void {
    this.#revision += 1;
    this.#changeEmitter.emit();
  }
}
