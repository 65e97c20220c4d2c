import {StringDecoder} from 'node:string_decoder';
import type {Disposable} from '../../base/disposable.ts';
import {Emitter} from '../../base/emitter.ts';
import {messageOf} from '../../base/virt-error.ts';
import type {ConsoleStream, Hypervisor} from '../../model/hypervisor.ts';
import type {ColourDepth} from '../../ui/terminal/colour-depth.ts';
import type {ConsoleTerminal} from '../../ui/terminal/console-terminal.ts';
import type {FrameClock} from '../../ui/terminal/frame-limit.ts';
import type {TerminalPane} from '../../ui/terminal/terminal-pane.tsx';
import {readKernelLine} from './kernel-line.ts';
import type {KernelLine} from './silence.ts';

/** How far the opening of a domain's console is. */
export type ConsoleEntry =
  | {readonly is: 'opening'}
  | {
      readonly is: 'open';
      readonly terminal: ConsoleTerminal;
      readonly View: typeof TerminalPane;
      readonly place: DevicePlace;
    }
  | {readonly is: 'failed'; readonly why: string};

/** Which of a domain's lines and consoles is shown, from 1. */
export interface DevicePlace {
  readonly at: number;
  readonly count: number;
}

/** How many consoles stay open behind the one that is shown: each holds its history. */
const OPEN_CONSOLES = 4;
/** More than can be parsed and drawn before somebody who types would notice. */
const MAX_LAG_BYTES = 128 * 1024;
/** Until a pane gives it its own. */
const FIRST_SIZE = {columns: 80, rows: 24};

export interface ConsoleDeckOptions {
  readonly hypervisor: Pick<Hypervisor, 'domainOpenConsole' | 'domainConsoles' | 'domainGetXml'>;
  readonly depth: ColourDepth;
  readonly clock: FrameClock;
  /** Told what went wrong when keys could not be passed on to a domain. */
  readonly onError: (domain: string, error: unknown) => void;
}

/** The consoles that were opened, newest last. The terminal emulator is loaded with the first of them. */
export class ConsoleDeck implements Disposable {
  readonly #options: ConsoleDeckOptions;
  readonly #entries = new Map<string, ConsoleEntry>();
  readonly #typedEarly = new Map<string, string>();
  /** Aliases of the devices that were chosen; of other domains it is the first. */
  readonly #chosen = new Map<string, string>();
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
    this.#begin(domain);
  }

  /** The terminal of a domain's console that is open. */
  terminal(domain: string): ConsoleTerminal | undefined {
    const entry = this.#entries.get(domain);
    return entry?.is === 'open' ? entry.terminal : undefined;
  }

  /**
   * Shows the domain's next serial line or console, after the last one the first.
   *
   * @returns the alias of the one that is shown where there is no other
   */
  async nextDevice(domain: string): Promise<string | undefined> {
    const shown = this.terminal(domain)?.device.alias ?? this.#chosen.get(domain);
    const aliases = (await this.#options.hypervisor.domainConsoles(domain)).map(({alias}) => alias);
    const next = aliases[(aliases.indexOf(shown ?? '') + 1) % aliases.length];
    if (next === undefined || next === shown) return shown ?? 'none';
    this.#chosen.set(domain, next);
    this.#close(domain);
    this.#begin(domain);
    return undefined;
  }

  /** Keys for a domain's console; before it is open they are kept for it, while the guest is off they are dropped. */
  type(domain: string, bytes: Uint8Array): void {
    const keys = this.#decode(domain, bytes);
    const entry = this.#entries.get(domain);
    if (entry?.is === 'opening') this.#typedEarly.set(domain, (this.#typedEarly.get(domain) ?? '') + keys);
    if (entry?.is === 'open') this.#typeInto(domain, entry.terminal, keys);
  }

  /** Takes the right to type into a domain's console, now or once it is open. @throws {VirtError} as `ConsoleStream.claim` */
  claim(domain: string, force: boolean): void {
    const entry = this.#entries.get(domain);
    if (entry?.is === 'opening') this.#typedEarly.set(domain, this.#typedEarly.get(domain) ?? '');
    if (entry?.is === 'open' && entry.terminal.status.is === 'live') entry.terminal.claim(force);
  }

  /** Nobody types any more: others may. */
  release(): void {
    for (const entry of this.#entries.values()) if (entry.is === 'open') entry.terminal.release();
  }

  /** What the domain's definition says of the guest's kernel line. Never fails. */
  kernelLine(domain: string): Promise<KernelLine> {
    return readKernelLine(this.#options.hypervisor, domain);
  }

  /** Moves the view of a console by lines, back when negative; `end` follows the output again. */
  scroll(domain: string, lines: number | 'end'): void {
    const terminal = this.terminal(domain);
    if (lines === 'end') terminal?.followOutput();
    else terminal?.scroll(lines);
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

  #begin(domain: string): void {
    const opening = {is: 'opening'} as const;
    this.#set(domain, opening);
    void this.#load(domain, opening); // never fails: a failure becomes the entry
  }

  /** @param opening  what stands in the entry's place until then: another one means that nobody waits any more */
  async #load(domain: string, opening: ConsoleEntry): Promise<void> {
    let stream: ConsoleStream | undefined;
    try {
      const {hypervisor} = this.#options;
      const device = this.#chosen.get(domain);
      const [terminals, panes, devices, opened] = await Promise.all([
        import('../../ui/terminal/console-terminal.ts'),
        import('../../ui/terminal/terminal-pane.tsx'),
        hypervisor.domainConsoles(domain),
        hypervisor
          .domainOpenConsole(domain, {maxLagBytes: MAX_LAG_BYTES, ...(device === undefined ? {} : {device})})
          .then(it => (stream = it)),
      ]);
      if (this.#disposed || this.#entries.get(domain) !== opening) {
        opened.dispose();
        return;
      }
      const {depth, clock} = this.#options;
      const terminal = new terminals.ConsoleTerminal(opened, {...FIRST_SIZE, depth, clock});
      const at = devices.findIndex(({alias}) => alias === opened.device.alias) + 1;
      this.#set(domain, {is: 'open', terminal, View: panes.TerminalPane, place: {at, count: devices.length}});
      this.#typeInto(domain, terminal, this.#typedEarly.get(domain));
    } catch (error) {
      stream?.dispose();
      if (this.#disposed || this.#entries.get(domain) !== opening) return;
      this.#set(domain, {is: 'failed', why: messageOf(error)});
    }
    this.#typedEarly.delete(domain);
  }

  /** @param keys  none but the right to type are for a person who has just opened it; undefined: nobody wants to type */
  #typeInto(domain: string, terminal: ConsoleTerminal, keys: string | undefined): void {
    if (keys === undefined || terminal.status.is !== 'live') return;
    try {
      if (keys === '') terminal.claim(false);
      else terminal.type(keys);
    } catch (error) {
      this.#options.onError(domain, error);
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
