import {inject} from 'vitest';
import {runScript, type ScriptEnd} from '../../packaging/selinux-vm/vm-agent.ts';

const SCRIPT_TIMEOUT_MS = 200_000;

/** Where Debian's policy expects images. */
export const IMAGES = '/var/lib/libvirt/images';
export const QEMU = '/usr/bin/qemu-system-x86_64';

/** One word for bash in the VM. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Runs a script as the VM's administrator, who is root in `unconfined_t`; how it ends is told, not thrown. */
export function tryInVm(script: string): Promise<ScriptEnd> {
  return runScript(inject('agentSocket'), script, {timeoutMs: SCRIPT_TIMEOUT_MS});
}

/** @throws when the script fails, with what it wrote */
export async function inVm(script: string): Promise<string> {
  const {status, output} = await tryInVm(script);
  if (status !== 0) throw new Error(`exit status ${status} of ${script}\n${output}`);
  return output.trim();
}

/** Runs a bash script in `virtd_t`, the virtualization daemon's domain, as systemd starts the daemon. */
export function tryAsDaemon(script: string): Promise<ScriptEnd> {
  return tryInVm(`virtd-unit /usr/local/libexec/virtd-sh -c ${quoted(script)}`);
}

/** Runs virtty on the system's instance in `virtd_t`. */
export function tryVirtty(...words: readonly string[]): Promise<ScriptEnd> {
  return tryInVm(`virtd-unit /usr/local/libexec/virtty -c qemu:///system ${words.map(quoted).join(' ')}`);
}

/** @throws when it fails, with what it wrote */
export async function virtty(...words: readonly string[]): Promise<string> {
  const {status, output} = await tryVirtty(...words);
  if (status !== 0) throw new Error(`exit status ${status} of virtty ${words.join(' ')}\n${output}`);
  return output.trim();
}

/** Writes a text into the VM, readable for all. */
export function writeInVm(path: string, text: string): Promise<string> {
  const bytes = Buffer.from(text).toString('base64');
  return inVm(
    `install -D -m 644 /dev/stdin ${quoted(path)} <<< "$(base64 -d <<< ${bytes})"; restorecon ${quoted(path)}`,
  );
}

/** What the kernel refused since it was last asked, a line each. */
export async function denials(): Promise<readonly string[]> {
  const log = await inVm('dmesg --read-clear');
  return log.split('\n').filter(line => line.includes('avc:  denied'));
}

/** An image of 4 MiB with a label, and nothing of an earlier one. */
export function makeImage(name: string, label: string): Promise<string> {
  const image = `${IMAGES}/${name}`;
  return inVm(
    `rm -f ${image} && truncate -s 4M ${image} && chmod 666 ${image} && chcon ${label} ${image} && echo ${image}`,
  );
}

export async function labelOfFile(path: string): Promise<string> {
  return inVm(`stat -c %C ${quoted(path)}`);
}
