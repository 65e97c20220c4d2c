import {errnoOf} from './files.ts';
import {isAlive, type ProcessIdentity} from './proc.ts';

/**
 * Sends a signal to this very process.
 *
 * @returns false when it is gone already
 */
export function signalProcess(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  if (identity.pid <= 1) throw new Error(`refusing to signal process ${identity.pid}`);
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}
