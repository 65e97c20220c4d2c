/** A place in the text that a person gave: both 1-based, the column in UTF-16 units; 0 for a word without a text. */
export interface WordPlace {
  readonly line: number;
  readonly column: number;
}

/** A word of a command line, unquoted, and where it began. */
export interface NativeWord extends WordPlace {
  readonly text: string;
}

/** An option with its value, as it stood on the command line. */
export interface NativeArg extends WordPlace {
  /** With one dash, e.g. `-drive`. */
  readonly option: string;
  /** Empty for an option without a value. */
  readonly value: string;
  /** As they were written: they are kept when the XML has no word for them. */
  readonly words: readonly string[];
  /** Its place among the options. */
  readonly index: number;
}

/** A command line taken apart. */
export interface NativeCommand {
  readonly environment: readonly NativeWord[];
  readonly binary: NativeWord;
  readonly words: readonly NativeWord[];
}
