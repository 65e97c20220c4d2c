import {execFileSync} from 'node:child_process';
import {accessSync, constants, mkdirSync} from 'node:fs';
import path from 'node:path';
import {SelinuxVm} from './vm.ts';
import type {CgroupVersion} from './vm-args.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** Programs of the host, and the package of Debian that each comes with. */
const NEEDED: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  mke2fs: 'e2fsprogs',
  'dpkg-deb': 'dpkg',
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  setpriv: 'util-linux',
  flock: 'util-linux',
};

/** Where the VM is kept: VIRTTY_SELINUX_VM, or below `.cache` of the checkout. */
export function vmFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return path.resolve(ROOT, environment.VIRTTY_SELINUX_VM || '.cache/selinux-vm');
}

/**
 * What the host lacks for the VM, a sentence each with what to do.
 *
 * @param has  whether the host has a program of that name
 */
export function missingOnHost(uid: number | undefined, has: (program: string) => boolean): readonly string[] {
  const packages = new Set(Object.entries(NEEDED).flatMap(([program, name]) => (has(program) ? [] : [name])));
  const root = uid === 0 ? [] : ['only root can write the labels of the SELinux VM: run it as root, or with sudo'];
  if (packages.size === 0) return root;
  return [
    ...root,
    `the SELinux VM needs ${[...packages].join(', ')}: apt-get install -y --no-install-recommends ${[...packages].join(' ')}`,
  ];
}

/** Builds the VM where it is not built, and starts it. What is missing is said, and ends this program with status 2. */
export async function startVm(cgroup: CgroupVersion): Promise<SelinuxVm> {
  const missing = missingOnHost(process.getuid?.(), isInPath);
  if (missing.length > 0) {
    for (const sentence of missing) console.error(`virtty: ${sentence}`);
    process.exit(2);
  }
  const folder = vmFolder(process.env);
  mkdirSync(folder, {recursive: true});
  execFileSync('flock', [folder, 'nice', path.join(import.meta.dirname, 'build-image.sh'), folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return SelinuxVm.start({folder, checkout: ROOT, cgroup});
}

function isInPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(':');
  return [...folders, '/usr/sbin', '/sbin'].some(folder => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
