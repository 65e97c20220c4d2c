import {quoteWord} from '../../base/quote-shell.ts';
import type {QemuArg} from './qemu-arg.ts';
import {renderArg} from './render.ts';

const INDENT = '  ';

/**
 * A command line to look at or to copy: quoted for a POSIX shell, continued with a backslash
 * before an option that would pass the width; an option and its value stay together.
 *
 * @param columns  width to keep where a single option allows it
 */
export function formatCommandLine(executable: string, args: readonly QemuArg[], columns = 100): string {
  const lines: string[] = [];
  let line = quoteWord(executable);
  for (const arg of args) {
    const option = renderArg(arg).map(quoteWord).join(' ');
    // Two columns are kept for the backslash.
    if (line.length + 1 + option.length + 2 <= columns) line += ` ${option}`;
    else {
      lines.push(line);
      line = INDENT + option;
    }
  }
  return [...lines, line].join(' \\\n');
}

/** A command line on one line, ready for a shell: environment, program and arguments, as `domxml-to-native` prints it. */
export function formatShellLine(
  environment: Readonly<Record<string, string>>,
  executable: string,
  args: readonly QemuArg[],
): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `${name}=${value === '' ? '' : quoteWord(value)}`,
  );
  return [...variables, ...[executable, ...args.flatMap(renderArg)].map(quoteWord)].join(' ');
}
