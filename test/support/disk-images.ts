import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';

export const QEMU_IMG = '/usr/bin/qemu-img';
export const hasQemuImg = existsSync(QEMU_IMG);

/** Makes an empty image of 4 MiB. */
export function makeImage(path: string, format: string, ...options: readonly string[]): void {
  execFileSync(QEMU_IMG, ['create', '-q', '-f', format, ...options, path, '4M']);
}

const TRIES = 50;

/** QEMU measures for two seconds of CPU time how long a key takes, whatever the time wanted; a busy host makes more of them. */
export const LUKS_TIMEOUT_MS = 180_000;

/** Makes a LUKS image, plain or inside of qcow2; measuring how long a key takes fails at times where CPU time is counted coarsely. */
export function makeLuksImage(path: string, passphrase: string, format: 'luks' | 'qcow2' = 'luks'): void {
  const prefix = format === 'luks' ? '' : 'encrypt.';
  const own = format === 'luks' ? '' : 'encrypt.format=luks,';
  const options = `${own}${prefix}key-secret=s,${prefix}iter-time=10`;
  const secret = `secret,id=s,data=${passphrase.replaceAll(',', ',,')}`;
  const args = ['create', '-q', '-f', format, '--object', secret, '-o', options, path, '4M'];
  for (let tries = 0; tries < TRIES; tries++) {
    const {status, stderr} = spawnSync(QEMU_IMG, args, {encoding: 'utf8'});
    if (status === 0) return;
    if (!stderr.includes('accurate CPU usage')) throw new Error(stderr);
  }
  throw new Error(`${QEMU_IMG} cannot measure its CPU usage here`);
}
