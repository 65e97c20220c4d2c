import {formatProblem} from '../base/problem.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import type {DefineResult} from '../model/hypervisor.ts';
import type {CliIo} from './cli-io.ts';
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

/** Prints what was not understood in a definition that was taken, a line each, on stderr. */
export function printWarnings(io: CliIo, {warnings}: DefineResult): void {
  for (const warning of warnings) io.err(`warning: ${sanitiseUntrusted(formatProblem(warning))}\n`);
}
