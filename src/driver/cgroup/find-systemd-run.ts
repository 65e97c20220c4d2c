import {findProgram} from '../../host/find-program.ts';
import {runProgram} from '../../host/run-program.ts';

const HELP_TIMEOUT_MS = 5_000;
const AS_IT_IS = '--expand-environment=no';

/**
 * The words that call systemd-run and let it leave a command as it is: from 254 on it can put variables of the environment into
 * it, and means to do so by itself one day. Undefined where it is not installed.
 *
 * @see systemd-run(1), systemd 254, "--expand-environment="
 */
export async function findSystemdRun(): Promise<readonly string[] | undefined> {
  const program = await findProgram('systemd-run');
  if (program === undefined) return undefined;
  const {output} = await runProgram(program, ['--help'], {timeoutMs: HELP_TIMEOUT_MS});
  return output.includes('--expand-environment') ? [program, AS_IT_IS] : [program];
}
