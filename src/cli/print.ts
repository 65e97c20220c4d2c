import {sanitiseUntrusted} from '../base/sanitise.ts';
import type {CommandContext} from './command.ts';
import {jsonText} from './format/json-text.ts';

/** Prints a command's data: `text` for a person, or `json` with `--json`. */
export function printData(context: CommandContext, text: string, json: unknown): void {
  context.io.out(context.globals.json ? jsonText(json) : text);
}

/** Prints one value on a line of its own, or as a JSON value. */
export function printValue(context: CommandContext, value: string): void {
  printData(context, `${sanitiseUntrusted(value)}\n`, value);
}

/** Prints that something was done, which `--quiet` and `--json` leave out. */
export function printDone(context: CommandContext, sentence: string): void {
  if (!context.globals.quiet && !context.globals.json) context.io.out(`${sentence}\n`);
}
