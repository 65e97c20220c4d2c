import {quoteWord} from '../../base/quote-shell.ts';
import type {Remedy} from '../../model/access-report.ts';

/** A command that can be run as it is. */
export interface RemedyCommand {
  /** Program and arguments. */
  readonly argv: readonly string[];
  readonly changes: string;
  readonly target?: string;
  /** What takes it back. */
  readonly undo?: readonly string[];
}

export function commandRemedy({argv, changes, target, undo}: RemedyCommand): Remedy {
  return {
    command: commandLine(argv),
    changes,
    argv,
    ...(target === undefined ? {} : {target}),
    ...(undo === undefined ? {} : {undo: {command: commandLine(undo), argv: undo}}),
  };
}

/** As a shell takes it. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}
