import {closestTo} from '../base/closest.ts';
import type {GlobalOptionSpec, OptionSpec} from './argument-spec.ts';
import type {CommandSpec, GlobalOptions} from './command.ts';
import {CommandArgs} from './command-args.ts';
import {UsageError} from './usage-error.ts';

/** What a command line asks for; without a command it is the screen. */
export interface Invocation {
  readonly globals: GlobalOptions;
  readonly command?: {readonly spec: CommandSpec; readonly args: CommandArgs};
}

/** The tables that a command line is read against. */
export interface Grammar {
  readonly commands: readonly CommandSpec[];
  readonly globals: readonly GlobalOptionSpec[];
}

interface Draft {
  readonly grammar: Grammar;
  readonly globals: Map<string, string>;
  readonly options: Map<string, string>;
  readonly named: Map<string, readonly string[]>;
  readonly words: string[];
  command: CommandSpec | undefined;
}

/**
 * Reads a command line. Global options stand before or after the command. Where a command takes words to pass on
 * (a monitor command), its own options are still read, and other words with a dash are passed on; after `--` all are.
 *
 * @param argv  without the program's name
 * @throws {UsageError} for anything that the tables do not allow
 */
export function parseCommandLine(argv: readonly string[], grammar: Grammar): Invocation {
  const draft: Draft = {
    grammar,
    globals: new Map(),
    options: new Map(),
    named: new Map(),
    words: [],
    command: undefined,
  };
  const queue = [...argv];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') draft.words.push(...queue.splice(0));
    else if (word.startsWith('-') && word !== '-') takeDashed(draft, word, queue);
    else if (draft.command) draft.words.push(word);
    else draft.command = findCommand(word, grammar.commands);
  }
  return finish(draft);
}

/** The row of a command. @throws {UsageError} with a suggestion when there is none of that name */
export function findCommand(name: string, commands: readonly CommandSpec[]): CommandSpec {
  const found = commands.find(spec => spec.name === name);
  if (found) return found;
  const close = closestTo(
    name,
    commands.filter(spec => !spec.hidden).map(spec => spec.name),
  );
  throw new UsageError(
    `unknown command: '${name}'`,
    close ? `did you mean 'virtty ${close}'?` : "run 'virtty help' to see the commands",
  );
}

function takeDashed(draft: Draft, word: string, queue: string[]): void {
  const {name, inline} = splitOption(word);
  const own = draft.command?.options.find(spec => word.startsWith('--') && spec.name === name);
  const positional = draft.command?.positionals.find(spec => word.startsWith('--') && spec.name === name);
  const passesOn = isPassingOn(draft);
  const global = passesOn && name !== 'json' ? undefined : findGlobal(draft.grammar.globals, word, name);
  if (own) draft.options.set(own.name, optionValue(own, word, inline, queue));
  else if (positional && !passesOn) takeNamed(draft, positional.name, word, inline, queue);
  else if (global) draft.globals.set(global.name, optionValue(global, word, inline, queue));
  else if (passesOn) draft.words.push(word);
  else throw unknownOption(draft, word, name);
}

function splitOption(word: string): {name: string; inline: string | undefined} {
  const dashes = word.startsWith('--') ? 2 : 1;
  const at = word.indexOf('=');
  return at < 0
    ? {name: word.slice(dashes), inline: undefined}
    : {name: word.slice(dashes, at), inline: word.slice(at + 1)};
}

function findGlobal(globals: readonly GlobalOptionSpec[], word: string, name: string): GlobalOptionSpec | undefined {
  return globals.find(spec => (word.startsWith('--') ? spec.name === name : spec.short === name));
}

/** True once the words of a command are passed on as they are. */
function isPassingOn(draft: Draft): boolean {
  const at = draft.command?.positionals.findIndex(spec => spec.rest) ?? -1;
  return at >= 0 && draft.words.length > at - draft.named.size;
}

function optionValue(spec: OptionSpec, word: string, inline: string | undefined, queue: string[]): string {
  if (spec.value === undefined) {
    if (inline !== undefined) throw new UsageError(`option ${word.slice(0, word.indexOf('='))} takes no value`);
    return '';
  }
  if (spec.valueOptional) return inline ?? '';
  const value = inline ?? queue.shift();
  if (value === undefined) throw new UsageError(`option ${word} needs a value: <${spec.value}>`);
  return value;
}

function takeNamed(draft: Draft, name: string, word: string, inline: string | undefined, queue: string[]): void {
  draft.named.set(name, [optionValue({name, value: name, help: ''}, word, inline, queue)]);
}

function unknownOption(draft: Draft, word: string, name: string): UsageError {
  const known = [...(draft.command?.options ?? []), ...draft.grammar.globals].map(spec => spec.name);
  const close = closestTo(name, known);
  const hint = close ? `did you mean '--${close}'?` : helpHint(draft.command);
  const message = draft.command
    ? `command '${draft.command.name}' doesn't support option ${word}`
    : `unsupported option '${word}'`;
  return new UsageError(message, hint);
}

function helpHint(command: CommandSpec | undefined): string {
  return command ? `run 'virtty help ${command.name}'` : "run 'virtty --help'";
}

function finish(draft: Draft): Invocation {
  const connect = draft.globals.get('connect');
  const globals: GlobalOptions = {
    ...(connect === undefined ? {} : {connect}),
    readonly: draft.globals.has('readonly'),
    quiet: draft.globals.has('quiet'),
    json: draft.globals.has('json'),
    help: draft.globals.has('help'),
    version: draft.globals.has('version'),
  };
  const spec = draft.command;
  if (!spec) return {globals};
  const positionals = globals.help ? new Map<string, readonly string[]>() : placeWords(draft, spec);
  if (globals.json && !spec.json) throw new UsageError(`command '${spec.name}' has no --json`, helpHint(spec));
  return {globals, command: {spec, args: new CommandArgs(spec, draft.options, positionals)}};
}

/** Gives each word its positional. */
function placeWords(draft: Draft, spec: CommandSpec): ReadonlyMap<string, readonly string[]> {
  const placed = new Map(draft.named);
  const words = [...draft.words];
  for (const positional of spec.positionals) {
    if (placed.has(positional.name)) continue;
    const taken = words.splice(0, positional.rest ? words.length : 1);
    if (taken.length > 0) placed.set(positional.name, taken);
    else if (!positional.optional) {
      throw new UsageError(`command '${spec.name}' requires <${positional.name}> option`, helpHint(spec));
    }
  }
  if (words[0] !== undefined) throw new UsageError(`unexpected data '${words[0]}'`, helpHint(spec));
  return placed;
}
