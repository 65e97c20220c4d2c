/** An option of a command; without `value` it is a flag. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** What the value is, as the synopsis names it, e.g. `string`. */
  readonly value?: string;
  /** The value can be left out; one that is given follows `=`. */
  readonly valueOptional?: true;
  readonly help: string;
}

/** An option that every command has, before or after the command's name. */
export interface GlobalOptionSpec extends OptionSpec {
  readonly short?: string;
}

/** An argument known by its place; it can be given by name too, as virsh allows (`--domain NAME`). */
export interface PositionalSpec {
  readonly name: string;
  readonly help: string;
  readonly optional?: true;
  /** Takes this word and all that follow; only the last one may. */
  readonly rest?: true;
}

/** What a command takes, as far as reading a command line needs it. */
export interface ArgumentsSpec {
  readonly name: string;
  readonly positionals: readonly PositionalSpec[];
  readonly options: readonly OptionSpec[];
}
