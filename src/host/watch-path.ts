import {watch} from 'node:fs';
import {type Disposable, disposable} from '../base/disposable.ts';
import {errnoOf} from './files.ts';

export interface WatchPathOptions {
  /** All that is below a directory, too. */
  readonly recursive?: boolean;
  /** How often to look where the kernel gives no signs. */
  readonly recheckMs?: number;
}

const RECHECK_MS = 500;
/** The path itself is not there, or no longer. */
const GONE = ['ENOENT', 'ENOTDIR'];

/**
 * Calls whenever something about a file or directory may have changed; that it may is all that is said. It keeps no process
 * running. The kernel gives no signs where a user has too many watches, or where a security module refuses them (Debian's
 * SELinux policy those of the virtualization daemon): then it calls every now and then.
 *
 * @throws {Error} ENOENT for what is not there; what goes away later is said once
 */
export function watchPath(path: string, onChange: () => void, options: WatchPathOptions = {}): Disposable {
  const {recursive = false, recheckMs = RECHECK_MS} = options;
  try {
    const watcher = watch(path, {recursive, persistent: false}, onChange);
    watcher.on('error', onChange);
    return disposable(() => watcher.close());
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || GONE.includes(code)) throw error;
    return callAgainAndAgain(onChange, recheckMs);
  }
}

function callAgainAndAgain(onChange: () => void, everyMs: number): Disposable {
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(() => {
      wait();
      onChange();
    }, everyMs);
    timer.unref();
  };
  wait();
  return disposable(() => clearTimeout(timer));
}
