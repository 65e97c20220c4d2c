import type {ArgumentsSpec} from './argument-spec.ts';
import {UsageError} from './usage-error.ts';

/** What was given to a command, already checked against its table row; asking for what the row lacks is a bug. */
export class CommandArgs {
  readonly #spec: ArgumentsSpec;
  readonly #options: ReadonlyMap<string, string>;
  readonly #positionals: ReadonlyMap<string, readonly string[]>;

  /**
   * @param options      values of the options given; a flag has the empty string
   * @param positionals  words by the name of the positional; one word, except for a `rest`
   */
  constructor(
    spec: ArgumentsSpec,
    options: ReadonlyMap<string, string>,
    positionals: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#spec = spec;
    this.#options = options;
    this.#positionals = positionals;
  }

  /** Whether a flag (or an option with a value) was given. */
  has(option: string): boolean {
    this.#assertOption(option);
    return this.#options.has(option);
  }

  /** The value of an option, undefined when it was not given. */
  value(option: string): string | undefined {
    this.#assertOption(option);
    return this.#options.get(option);
  }

  /** The value of an option that counts something. @throws {UsageError} when it is no whole number from 1 on */
  count(option: string): number | undefined {
    const text = this.value(option);
    if (text === undefined) return undefined;
    if (!/^[1-9][0-9]{0,8}$/.test(text))
      throw new UsageError(`option --${option}: '${text}' is not a number from 1 on`);
    return Number(text);
  }

  /** The words of a positional, none when it was left out. */
  words(positional: string): readonly string[] {
    if (!this.#spec.positionals.some(spec => spec.name === positional)) {
      throw new Error(`command '${this.#spec.name}' has no argument <${positional}>`);
    }
    return this.#positionals.get(positional) ?? [];
  }

  /** The one word of a positional that is required. */
  word(positional: string): string {
    const [word] = this.words(positional);
    if (word === undefined) throw new Error(`command '${this.#spec.name}' did not check its argument <${positional}>`);
    return word;
  }

  #assertOption(option: string): void {
    if (!this.#spec.options.some(spec => spec.name === option)) {
      throw new Error(`command '${this.#spec.name}' has no option --${option}`);
    }
  }
}
