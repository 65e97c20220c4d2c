import {readdirSync, readFileSync} from 'node:fs';

interface ProcessLine {
  readonly pid: number;
  readonly state: string;
  readonly session: number;
}

/**
 * The living processes of a session but its leader, oldest first: a program and what it runs, without the emulators
 * that it detached.
 */
export function sessionProcesses(leader: number): readonly number[] {
  return readdirSync('/proc')
    .flatMap(name => (/^\d+$/.test(name) ? readProcess(Number(name)) : []))
    .filter(one => one.session === leader && one.pid !== leader && one.state !== 'Z')
    .map(one => one.pid)
    .sort((a, b) => a - b);
}

/** One entry, or none for a process that ended while it was looked at. @see proc(5), /proc/pid/stat */
function readProcess(pid: number): readonly ProcessLine[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return [];
    throw error;
  }
  // The name, in parentheses, may hold spaces and parentheses itself.
  const [state = '', , , session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return [{pid, state, session: Number(session)}];
}
