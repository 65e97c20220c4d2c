import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {readMounts} from '../../src/host/mounts.ts';

const CHECKOUT = join(import.meta.dirname, '../..');

/** Mount namespaces of one's own need it: in a chroot the kernel refuses to change how mounts spread. */
export const hasMountedRoot = readMounts().some(({point}) => point === '/');

/** Whether a user without rights of its own can run the program where it is checked out: not below a closed home directory. */
export const isOpenToAll =
  process.getuid?.() === 0 &&
  existsSync('/usr/bin/setpriv') &&
  spawnSync('setpriv', ['--reuid=61000', '--regid=61000', '--clear-groups', 'ls', CHECKOUT]).status === 0;
