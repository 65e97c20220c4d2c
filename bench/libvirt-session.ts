import {spawnSync} from 'node:child_process';
import {chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {timeCommand} from './lab.ts';

/** Whoever this is, it owns nothing: an unprivileged libvirtd has its cache where its environment says. */
const NOBODY = 65534;

/** Why libvirt cannot be measured here; undefined when it can. */
export function hasLibvirt(): string | undefined {
  const missing = ['virsh', 'libvirtd'].find(name => spawnSync(name, ['--version'], {env: withSbin()}).error);
  return missing === undefined ? undefined : `there is no ${missing}`;
}

/**
 * How long libvirt takes to tell what this host can run when it knows nothing: with a daemon of its own in a new directory,
 * which is stopped again. @returns milliseconds
 */
export async function timeLibvirtCold(): Promise<number> {
  const root = mkdtempSync(path.join(tmpdir(), 'vl-'));
  const isRoot = process.getuid?.() === 0;
  const folders = {HOME: 'home', XDG_RUNTIME_DIR: 'run', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config'};
  const variables = Object.entries(folders).map(([name, folder]) => `${name}=${path.join(root, folder)}`);
  for (const folder of ['.', ...Object.values(folders)]) {
    const directory = path.join(root, folder);
    mkdirSync(directory, {recursive: true});
    chmodSync(directory, 0o700);
    if (isRoot) chownSync(directory, NOBODY, NOBODY);
  }
  const user = isRoot ? ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'] : [];
  try {
    const virsh = [`PATH=${withSbin().PATH}`, 'virsh', '-c', 'qemu:///session', 'capabilities'];
    return await timeCommand(['env', ...user, 'env', ...variables, ...virsh]);
  } finally {
    stopDaemon(path.join(root, folders.XDG_RUNTIME_DIR, 'libvirt/libvirtd.pid'));
    rmSync(root, {recursive: true, force: true});
  }
}

/** virsh starts a daemon, which it does not end. */
function stopDaemon(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (Number.isInteger(pid) && pid > 1) process.kill(pid, 'SIGTERM');
}

function withSbin(): NodeJS.ProcessEnv & {readonly PATH: string} {
  return {...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`};
}
