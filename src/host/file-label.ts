import {spawnSync} from 'node:child_process';

const TIMEOUT_MS = 10_000;

/** The SELinux label of a file; undefined where it has none. @see stat(1) of coreutils: `?` is none */
export function fileLabelNow(path: string): string | undefined {
  const {stdout} = spawnSync('/usr/bin/stat', ['-L', '-c', '%C', '--', path], {encoding: 'utf8', timeout: TIMEOUT_MS});
  return stdout?.includes(':') ? stdout.trim() : undefined;
}

/** The labels of files, those of links their own; what is not there or has none is left out. */
export function fileLabels(paths: readonly string[]): ReadonlyMap<string, string> {
  if (paths.length === 0) return new Map();
  const {stdout} = spawnSync('/usr/bin/stat', ['--printf', '%C\\0%n\\0', '--', ...paths], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  const words = (stdout ?? '').split('\0');
  const labels = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    if (words[at]?.includes(':')) labels.set(words[at + 1] ?? '', words[at] ?? '');
  }
  return labels;
}
