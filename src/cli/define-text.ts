import {countProblems, type Problem, ProblemsError, sortProblems} from '../base/problem.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import {VirtError} from '../base/virt-error.ts';
import type {DefineOptions, DefineResult, Hypervisor} from '../model/hypervisor.ts';
import type {CliIo} from './cli-io.ts';

/** A domain XML to be defined, and where it stands. */
export interface DefinedText {
  readonly xml: string;
  /** As the user named it, for messages. */
  readonly file: string;
}

/**
 * Defines a domain and tells everything that was found in its XML on stderr, a line each, as compilers do it:
 * `FILE:LINE:COLUMN: severity: message`, in the order of the text.
 *
 * @throws {ToldProblemsError} for what is wrong in the text; {VirtError} as the hypervisor does
 */
export async function defineText(
  io: CliIo,
  hypervisor: Hypervisor,
  {xml, file}: DefinedText,
  options: DefineOptions,
): Promise<DefineResult> {
  try {
    const result = await hypervisor.domainDefineXml(xml, options);
    printProblems(io, file, result.warnings);
    return result;
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    printProblems(io, file, error.problems);
    throw summaryOf(error, file);
  }
}

/** An error whose problems were told. */
export class ToldProblemsError extends VirtError {
  readonly problems: readonly Problem[];

  constructor(message: string, cause: ProblemsError) {
    super(cause.code, cause.domain, message, {cause});
    this.problems = cause.problems;
  }
}

function summaryOf(error: ProblemsError, file: string): ToldProblemsError {
  const what = `cannot define the domain from ${sanitiseUntrusted(file)}`;
  return new ToldProblemsError(`${what}: ${countProblems(error.problems)}`, error);
}

function printProblems(io: CliIo, file: string, problems: readonly Problem[]): void {
  for (const problem of sortProblems(problems)) io.err(`${sanitiseUntrusted(locatedProblem(file, problem))}\n`);
}

/** `web.xml:3:5: error: message`; without numbers for a problem of the whole text. */
export function locatedProblem(file: string, {line, column, severity, message}: Problem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return `${place}: ${severity}: ${message}`;
}
