/** What is known of a guest's output without looking at the screen: a screen that is blank need not be the whole story. */
export interface OutputFacts {
  /** Bytes of this boot that came by. */
  readonly bytes: number;
  /** When the last of them came live, on the clock of whoever watches; undefined when none did. */
  readonly lastMs?: number;
  /** What the guest's kernel said that it takes for its console, e.g. `ttyS0`. */
  readonly kernelConsole?: string;
  /** A getty asked for a name. */
  readonly loginSeen: boolean;
}

/** Enough for a kernel's command line that came in two pieces. */
const KEPT_CHARACTERS = 512;

const NOTHING: OutputFacts = {bytes: 0, loginSeen: false};

/** Watches a guest's output go by. */
export class OutputWatch {
  #facts: OutputFacts = NOTHING;
  #tail = '';

  get facts(): OutputFacts {
    return this.#facts;
  }

  /** @param liveMs  when it came; undefined for what was written before anybody watched */
  take(bytes: Uint8Array, liveMs: number | undefined): void {
    const text = this.#tail + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    this.#tail = text.slice(-KEPT_CHARACTERS);
    const kernelConsole = lastConsole(text) ?? this.#facts.kernelConsole;
    this.#facts = {
      ...this.#facts,
      bytes: this.#facts.bytes + bytes.length,
      loginSeen: this.#facts.loginSeen || /(?<!last )\blogin: /i.test(text),
      ...(liveMs === undefined ? {} : {lastMs: liveMs}),
      ...(kernelConsole === undefined ? {} : {kernelConsole}),
    };
  }

  /** A new boot has begun. */
  reset(): void {
    this.#facts = NOTHING;
    this.#tail = '';
  }
}

/** Of several that a kernel is given, the last one is `/dev/console`. Source: Linux, Documentation/admin-guide/serial-console.rst. */
export function lastConsole(text: string): string | undefined {
  return [...text.matchAll(/(?:^|\s)console=(\w+)/g)].at(-1)?.[1];
}
