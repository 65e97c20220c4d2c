import {formatProblem, type Problem, problemsError} from '../../base/problem.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {domainFromNative, type FromNative} from '../../driver/argv-parse/from-native.ts';
import {processToDomain} from '../../driver/convert/process-to-domain.ts';
import {formatDomain} from '../../model/format-domain.ts';
import type {CliIo} from '../cli-io.ts';
import type {CommandContext} from '../command.ts';
import {readXmlText} from '../read-xml-text.ts';
import {UsageError} from '../usage-error.ts';

/** The only native format. */
const FORMAT = 'qemu-argv';

/** `virtty domxml-from-native qemu-argv FILE`: what has no word in the XML is told on stderr, a line each. */
export async function run(context: CommandContext): Promise<void> {
  const {what, result} = await convert(context);
  printProblems(context.io, result);
  if (!result.def) throw problemsError(`cannot convert ${sanitiseUntrusted(what)}`, result.problems);
  context.io.out(formatDomain(result.def));
}

async function convert(context: CommandContext): Promise<{readonly what: string; readonly result: FromNative}> {
  const pid = context.args.count('pid');
  const [format, file] = wordsOf(context);
  if (format !== undefined && format !== FORMAT) {
    throw new UsageError(`unknown native format '${format}'`, `the only one is ${FORMAT}`);
  }
  if (pid !== undefined) {
    if (file !== undefined) throw new UsageError('a file and --pid were given: one of them is converted');
    return {what: `the command line of process ${pid}`, result: (await processToDomain(pid)).result};
  }
  if (format === undefined || file === undefined) {
    throw new UsageError('no command line was given', `write '${FORMAT} FILE', '${FORMAT} -' or '--pid PID'`);
  }
  const text = await readXmlText(file, context.io);
  return {what: `'${file}'`, result: domainFromNative(text)};
}

/** `qemu-argv FILE`; with `--pid` both may be missing. */
function wordsOf({args}: CommandContext): readonly (string | undefined)[] {
  return [args.words('format')[0], args.words('file')[0]];
}

function printProblems(io: CliIo, {def, problems, notes}: FromNative): void {
  const warnings = problems.filter(({severity}) => severity === 'warning');
  for (const warning of warnings) io.err(line('warning', warning));
  if (def) for (const note of notes) io.err(line('note', note));
}

function line(word: string, problem: Problem): string {
  return `${word}: ${sanitiseUntrusted(formatProblem(problem))}\n`;
}
