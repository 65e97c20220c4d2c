import type {CommandContext} from '../command.ts';
import type {CommandArgs} from '../command-args.ts';
import {connectConsole} from '../console/connect-console.ts';
import {DEFAULT_ESCAPE, parseEscapeKey} from '../console/escape-key.ts';
import {type ExpectOptions, expectOutput} from '../console/expect-output.ts';
import {contextDomain} from '../context-domain.ts';
import {UsageError} from '../usage-error.ts';

const DEFAULT_TIMEOUT_S = 30;

/** `virtty console DOMAIN [--devname ALIAS] [--escape KEY]`, or with `--expect` what a script does with one. */
export async function run(context: CommandContext): Promise<void> {
  const {args, globals, io} = context;
  const key = args.value('escape');
  const escapeKey = key === undefined ? DEFAULT_ESCAPE : parseEscapeKey(key);
  const force = args.has('force');
  const expected = expectOptions(args);
  const {hypervisor, domain} = await contextDomain(context);
  const device = args.value('devname');
  const chosen = device === undefined ? {} : {device};
  if (expected) await expectOutput(io, hypervisor, domain.name, {...expected, ...chosen, force});
  else await connectConsole(io, hypervisor, domain.name, {escapeKey, force, quiet: globals.quiet, ...chosen});
}

/** @throws {UsageError} for options that do not go together, and for what is no regular expression */
function expectOptions(args: CommandArgs): Omit<ExpectOptions, 'device' | 'force'> | undefined {
  const pattern = args.value('expect');
  const typed = args.value('exec');
  if (pattern === undefined) {
    const alone = ['exec', 'timeout'].find(name => args.has(name));
    if (alone === undefined) return undefined;
    throw new UsageError(
      `option --${alone} needs --expect`,
      "say with --expect what ends the guest's answer, e.g. its prompt",
    );
  }
  if (args.has('escape')) throw new UsageError('options --escape and --expect do not go together');
  const lines = typed === undefined ? [] : typed.replace(/\n$/, '').split(/\r?\n|\\n/);
  return {lines, expect: readPattern(pattern), timeoutS: args.count('timeout') ?? DEFAULT_TIMEOUT_S};
}

function readPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'm');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`option --expect: '${pattern}' is no regular expression: ${why}`);
  }
}
