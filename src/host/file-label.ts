import {spawnSync} from 'node:child_process';

const TIMEOUT_MS = 10_000;

/** The SELinux label of a file; undefined where it has none. @see stat(1) of coreutils: `?` is none */
export function fileLabelNow(path: string): string | undefined {
  const {stdout} = spawnSync('/usr/bin/stat', ['-L', '-c', '%C', '--', path], {encoding: 'utf8', timeout: TIMEOUT_MS});
  return stdout?.includes(':') ? stdout.trim() : undefined;
}
