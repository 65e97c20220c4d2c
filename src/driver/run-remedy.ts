import {VirtError} from '../base/virt-error.ts';
import {findProgram} from '../host/find-program.ts';
import {openByPath} from '../host/open-by-path.ts';
import {runProgram} from '../host/run-program.ts';
import type {AccessReport, Remedy, RemedyResult} from '../model/access-report.ts';

/** setsebool -P builds the policy anew. */
const TIMEOUT_MS = 120_000;

/** Carries out what an explanation advises, and takes back what it has carried out. */
export class RemedyRunner {
  readonly #undos = new Map<string, Remedy>();

  /**
   * @param report  as it is now: what it does not advise, and what takes back nothing, is refused
   * @throws {VirtError} INVALID_ARG for another command, OPERATION_UNSUPPORTED for one that a person has to run, OPERATION_FAILED
   *   for a file that is not what it was
   */
  async run(report: AccessReport, command: string): Promise<RemedyResult> {
    const remedy = this.#find(report, command);
    const {argv = [], target, undo} = remedy;
    if (argv.length === 0) {
      throw new VirtError('OPERATION_UNSUPPORTED', 'SECURITY', `virtty does not run this by itself: ${command}`, {
        hint: 'copy it, and look at what it does on this host first',
      });
    }
    const {output, failure} = await (target === undefined ? runWords(argv) : runOnFile(argv, target));
    if (failure !== undefined) return {command, output, failure};
    this.#undos.delete(command);
    if (!undo) return {command, output};
    const back = {...undo, changes: 'as it was before', ...(target === undefined ? {} : {target})};
    this.#undos.set(undo.command, back);
    return {command, output, undo: undo.command};
  }

  #find({domain, findings}: AccessReport, command: string): Remedy {
    const advised = findings.flatMap(({remedies}) => remedies).find(remedy => remedy.command === command);
    const found = advised ?? this.#undos.get(command);
    if (found) return found;
    throw new VirtError('INVALID_ARG', 'SECURITY', `this is no longer what helps domain '${domain}': ${command}`, {
      hint: 'explain its access again',
    });
  }
}

/** The file is held while the program runs, so that nobody leads it to another by a link that is put in its place. */
async function runOnFile(argv: readonly string[], target: string): Promise<Omit<RemedyResult, 'command'>> {
  const self = process.getuid?.() ?? 0;
  const found = await openByPath(target, {self, ownerOf: ({uid}) => Number(uid)});
  if (found.is !== 'found') {
    const why = found.is === 'refused' ? found.why : `is ${found.is === 'missing' ? 'not there any more' : 'hidden'}`;
    throw new VirtError('OPERATION_FAILED', 'SECURITY', `cannot change '${target}': it ${why}`);
  }
  try {
    const held = `/proc/${process.pid}/fd/${found.handle.fd}`;
    const {output, failure} = await runWords(argv.map(word => (word === target ? held : word)));
    return {output: output.replaceAll(held, target), ...(failure === undefined ? {} : {failure})};
  } finally {
    await found.handle.close();
  }
}

async function runWords([program = '', ...args]: readonly string[]): Promise<Omit<RemedyResult, 'command'>> {
  const path = program.startsWith('/') ? program : await findProgram(program);
  if (path === undefined) return {output: '', failure: `the program ${program} is not installed`};
  const {output, failure} = await runProgram(path, args, {timeoutMs: TIMEOUT_MS});
  return {output, ...(failure === undefined ? {} : {failure})};
}
