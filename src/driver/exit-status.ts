import {readTextIfThere} from '../host/files.ts';
import {waitForChange} from '../host/wait-for.ts';

/**
 * The exit status that an emulator's keeper wrote down: an exit code, or 128 + signal.
 *
 * @param timeoutMs  how long the keeper may take
 * @returns undefined when nothing was written in that time: the keeper was killed, too
 */
export function readExitStatus(runDir: string, timeoutMs: number): Promise<number | undefined> {
  const look = async () => {
    const text = await readTextIfThere(`${runDir}/exit`);
    return text?.endsWith('\n') ? Number(text) : undefined; // the line end is the last that is written
  };
  return waitForChange(runDir, look, {timeoutMs});
}

/** How long a keeper may take to write down the exit status after the process is gone. */
export const KEEPER_TIMEOUT_MS = 1_000;
