import {sanitiseUntrusted} from '../base/sanitise.ts';
import {messageOf, VirtError} from '../base/virt-error.ts';
import type {CliIo} from './cli-io.ts';
import {UsageError} from './usage-error.ts';

/** The exit statuses of the program. */
export const EXIT = {ok: 0, failed: 1, usage: 2} as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/**
 * Tells the person what went wrong: one line `error: ...`, then the detail, then what to do.
 * Anything but a `VirtError` or a `UsageError` is a bug of the program and is called so; with VIRTTY_DEBUG set, its
 * stack (and the causes of an expected error) are printed too.
 *
 * @returns the exit status that belongs to the error
 */
export function reportError(io: CliIo, error: unknown): ExitStatus {
  const debug = Boolean(io.env.VIRTTY_DEBUG);
  if (error instanceof UsageError) {
    printError(io, error.message, [], error.hint);
    return EXIT.usage;
  }
  if (error instanceof VirtError) printError(io, error.message, error.detail, error.hint);
  else {
    const hint = debug ? undefined : 'this is a bug in virtty; set VIRTTY_DEBUG=1 to see where';
    printError(io, `internal error: ${messageOf(error)}`, [], hint);
  }
  if (debug) for (const line of stackLines(error)) io.err(`${sanitiseUntrusted(line)}\n`);
  return EXIT.failed;
}

function printError(io: CliIo, message: string, detail: readonly string[], hint: string | undefined): void {
  io.err(`error: ${sanitiseUntrusted(message)}\n`);
  for (const line of detail) io.err(`  ${sanitiseUntrusted(line)}\n`);
  if (hint !== undefined) io.err(`hint: ${sanitiseUntrusted(hint)}\n`);
}

/** The stack of an error and of what caused it. */
function stackLines(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n');
  return error.cause === undefined ? own : [...own, 'caused by:', ...stackLines(error.cause)];
}
