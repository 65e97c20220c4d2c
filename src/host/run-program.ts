import {execFile} from 'node:child_process';
import {errnoOf} from './files.ts';

/** How a program ended, with what it wrote. */
export interface ProgramEnd {
  /** 0 is success; absent for a program that did not start, was killed, or took too long. */
  readonly exitCode?: number;
  /** The newest of standard output and standard error together. */
  readonly output: string;
  /** A sentence's end on how it failed, e.g. `it ended with exit status 2`; absent when it did not. */
  readonly failure?: string;
}

const MAX_OUTPUT_BYTES = 1024 * 1024;
/** As what the emulator gets: nothing of the user's own environment. */
const ENVIRONMENT = {LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'};

/** Runs a program without a shell to its end, in `/`; how it fails is told, not thrown. */
export function runProgram(
  program: string,
  args: readonly string[],
  {timeoutMs}: {readonly timeoutMs: number},
): Promise<ProgramEnd> {
  const options = {cwd: '/', env: ENVIRONMENT, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES};
  return new Promise(resolve => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (!error) resolve({exitCode: 0, output});
      else if (typeof error.code === 'number')
        resolve({exitCode: error.code, output, failure: `it ended with exit status ${error.code}`});
      else if (error.killed) resolve({output, failure: `it took longer than ${timeoutMs / 1000} s`});
      else if (error.signal) resolve({output, failure: `it was killed by ${error.signal}`});
      else resolve({output, failure: errnoOf(error) === 'ENOENT' ? 'there is no such program' : error.message});
    });
  });
}
