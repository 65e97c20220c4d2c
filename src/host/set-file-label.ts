import {realpath} from 'node:fs/promises';
import {hostTree} from './host-tree.ts';
import {mountOf, readMounts} from './mounts.ts';
import {runProgram} from './run-program.ts';

/** Why a file keeps its label. */
export interface LabelRefusal {
  /** Goes on from `cannot label PATH:`, with what would help. */
  readonly why: string;
  /** The file system has no labels, or cannot be written: files there are used as they are. */
  readonly isOfFileSystem: boolean;
}

const TIMEOUT_MS = 10_000;

/** How chcon ends its words in the C locale, by what the kernel has answered. @see setxattr(2) */
const OF_FILE_SYSTEM: Readonly<Record<string, string>> = {
  'Operation not supported': 'its file system keeps no labels',
  'Read-only file system': 'its file system is read-only',
};

/**
 * The switches of policies by which guests use all of a file system that keeps no labels, by its type.
 *
 * Source: refpolicy, policy/modules/services/virt.te; policy/modules/kernel/filesystem.te has what is of FAT's type
 */
const SWITCHES: Readonly<Record<string, string>> = {
  nfs: 'virt_use_nfs',
  nfs4: 'virt_use_nfs',
  cifs: 'virt_use_samba',
  smb3: 'virt_use_samba',
  fuse: 'virt_use_fusefs',
  fuseblk: 'virt_use_fusefs',
  vfat: 'virt_use_usb',
  msdos: 'virt_use_usb',
  ntfs: 'virt_use_usb',
  ntfs3: 'virt_use_usb',
};

/** The switch of policies for a type of file systems; undefined where there is none. */
export function policySwitch(fsType: string): string | undefined {
  return SWITCHES[fsType.split('.')[0] ?? ''];
}

/**
 * Gives a file an SELinux label.
 *
 * @param path  of the file; a symbolic link is followed, so that `/proc/PID/fd/N` names an open file
 * @returns what kept it from being changed; undefined also where the policy lets guests in as it is
 * @see chcon(1) of coreutils
 */
export async function setFileLabel(path: string, label: string): Promise<LabelRefusal | undefined> {
  const {failure, output} = await runProgram('/usr/bin/chcon', ['--', label, path], {timeoutMs: TIMEOUT_MS});
  if (failure === undefined) return undefined;
  const words = output.trim().split('\n')[0] || failure;
  const known = Object.entries(OF_FILE_SYSTEM).find(([end]) => words.endsWith(end))?.[1];
  if (known === undefined) return {why: words, isOfFileSystem: false};
  const why = await whatHelps(path, label);
  return why === undefined ? undefined : {why: `${known}: ${why}`, isOfFileSystem: true};
}

/**
 * Makes a folder that has an SELinux label from the beginning, closed to other users.
 *
 * @returns what kept it from being made; on a file system without labels it is made without
 * @see mkdir(1) of coreutils
 */
export async function makeLabelledDir(path: string, label: string): Promise<LabelRefusal | undefined> {
  const args = ['-m', '0700', `--context=${label}`, '--', path];
  const {failure, output} = await runProgram('/usr/bin/mkdir', args, {timeoutMs: TIMEOUT_MS});
  if (failure === undefined) return undefined;
  return {why: output.trim().split('\n')[0] || failure, isOfFileSystem: false};
}

/** Undefined where guests use the file as it is: a mount may say which label all of its files have, or a switch is on. */
async function whatHelps(path: string, label: string): Promise<string | undefined> {
  const ofAnyGuest = label.split(':').slice(0, 4).join(':');
  const {output} = await runProgram('/usr/bin/stat', ['-L', '-c', '%C', path], {timeoutMs: TIMEOUT_MS});
  if (output.trim() === ofAnyGuest) return undefined;
  const fsType = mountOf(await realpath(path).catch(() => path), readMounts())?.fsType ?? '';
  const name = policySwitch(fsType);
  const mount = `mount it with context=${ofAnyGuest} where guests are refused`;
  if (name === undefined) return mount;
  const isOn = hostTree().text(`/sys/fs/selinux/booleans/${name}`)?.startsWith('1');
  return isOn ? undefined : `where guests are refused, 'setsebool -P ${name} on' lets them use it`;
}
