import {findProgram} from './find-program.ts';
import {runProgram} from './run-program.ts';

/** As whom the kernel is asked. */
export interface ProbeActor {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** False: capabilities are dropped first, as the guest's process drops them. */
  readonly hasCapabilities: boolean;
}

/** One question: may the actor do this with that path? `create` is for a directory, `write` means read and write. */
export interface AccessQuestion {
  readonly path: string;
  readonly need: 'search' | 'read' | 'write' | 'execute' | 'create';
}

const TIMEOUT_MS = 10_000;

/** Answers each pair of a need and a path with a line: 0 for yes. The shell's test asks the kernel by faccessat(2). */
const SCRIPT = `while [ $# -gt 1 ]; do
  case $1 in
    read) test -r "$2" ;;
    write) test -r "$2" && test -w "$2" ;;
    create) test -w "$2" && test -x "$2" ;;
    *) test -x "$2" ;;
  esac
  echo $?
  shift 2
done`;

/**
 * Asks the kernel itself what a process of somebody may do with files: with all that decides over it, such as access
 * control lists, mounts, file servers.
 *
 * @returns an answer for each question, or why none could be had
 */
export async function probeAccess(
  questions: readonly AccessQuestion[],
  actor: ProbeActor,
): Promise<readonly boolean[] | {readonly why: string}> {
  if (questions.length === 0) return [];
  const prefix = await becoming(actor);
  if ('why' in prefix) return prefix;
  const words = questions.flatMap(({need, path}) => [need, path]);
  const [program = '/bin/sh', ...args] = [...prefix.command, '/bin/sh', '-c', SCRIPT, 'sh', ...words];
  const {output, failure} = await runProgram(program, args, {timeoutMs: TIMEOUT_MS});
  const answers = output.split('\n').filter(line => /^\d+$/.test(line));
  if (answers.length !== questions.length)
    return {why: failure ?? `it printed ${JSON.stringify(output.slice(0, 200))}`};
  return answers.map(answer => answer === '0');
}

/** The command that becomes the actor first; nothing for this very user. */
async function becoming(actor: ProbeActor): Promise<{readonly command: readonly string[]} | {readonly why: string}> {
  const ownUid = process.geteuid?.();
  if (ownUid === actor.uid && ownUid !== 0) return {command: []};
  if (ownUid === 0 && actor.uid === 0 && actor.hasCapabilities) return {command: []};
  if (ownUid !== 0) return {why: 'only root can ask on behalf of another user'};
  const setpriv = await findProgram('setpriv');
  if (setpriv === undefined) return {why: 'the program setpriv (util-linux) is not installed'};
  const groups = actor.groups.length === 0 ? ['--clear-groups'] : ['--groups', actor.groups.join(',')];
  const drops = actor.hasCapabilities ? [] : ['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'];
  return {command: [setpriv, '--reuid', String(actor.uid), '--regid', String(actor.gid), ...groups, ...drops]};
}
