import {inject} from 'vitest';
import {runScript, type ScriptEnd} from '../../packaging/selinux-vm/vm-agent.ts';

const SCRIPT_TIMEOUT_MS = 300_000;

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
  return tryInVm(`virtd-unit ${virttyCommand(words)}`);
}

/** @throws when it fails, with what it wrote */
export function virtty(...words: readonly string[]): Promise<string> {
  return inVm(`virtd-unit ${virttyCommand(words)}`);
}

/** The same with no sign of systemd where it looks for one. */
export function virttyWithoutSystemd(...words: readonly string[]): Promise<string> {
  return inVm(`virtd-unit -p TemporaryFileSystem=/run/systemd ${virttyCommand(words)}`);
}

function virttyCommand(words: readonly string[]): string {
  return `/usr/local/libexec/virtty -c qemu:///system ${words.map(quoted).join(' ')}`;
}

/** Debian's policy, or what the VM has beside it: the daemon as free as Fedora leaves it. Booleans are the policy's own. */
export async function loadPolicy(policy: 'debian' | 'free-virtd'): Promise<void> {
  const file = policy === 'debian' ? '/etc/selinux/default/policy/policy.*' : '/etc/selinux/free-virtd/policy';
  await inVm(`dd if=$(echo ${file}) of=/sys/fs/selinux/load bs=64M status=none && setsebool virt_use_execmem=1`);
}

export interface GuestWish {
  /** Paths of raw images, or XML of other disks. */
  readonly disks?: readonly string[];
  /** XML after the devices. */
  readonly labels?: string;
}

/** Defines a guest with virtio disks and a serial line, in place of an earlier one of that name. */
export async function defineGuest(name: string, wish: GuestWish = {}): Promise<void> {
  const disks = (wish.disks ?? []).map((disk, index) => (disk.startsWith('<') ? disk : diskXml(disk, index)));
  await writeInVm(
    `/etc/virtty/${name}.xml`,
    `<domain type='qemu'><name>${name}</name><uuid>${uuidOf(name)}</uuid><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><emulator>${QEMU}</emulator>${disks.join('')}<serial type='pty'/></devices>${wish.labels ?? ''}</domain>`,
  );
  await virtty('define', `/etc/virtty/${name}.xml`);
}

/** The same for a name in every definition, so that one replaces the other. */
function uuidOf(name: string): string {
  const digits = Buffer.from(name.padEnd(16, '.')).toString('hex').slice(0, 32);
  return [0, 8, 12, 16, 20].map((from, index, starts) => digits.slice(from, starts[index + 1])).join('-');
}

/** Ends the guests of these names that run. */
export async function endGuests(...names: readonly string[]): Promise<void> {
  for (const name of names) if ((await tryInVm(pgrep(name))).status === 0) await virtty('destroy', name);
}

/** @param inside  XML within the disk's element */
export function diskXml(image: string, index: number, inside = '', sourceInside = ''): string {
  return `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${image}'>${sourceInside}</source>
<target dev='vd${'abcdef'[index]}' bus='virtio'/>${inside}</disk>`;
}

/** The emulator's pid. */
export async function pidOf(guest: string): Promise<string> {
  return inVm(pgrep(guest));
}

function pgrep(guest: string): string {
  return `pgrep --exact --full '${QEMU} -name guest=${guest}[, ].*'`;
}

/** What a running guest's emulator is told to open, and what it answers: nothing where it can. */
export async function tryOpen(guest: string, path: string, to: 'read' | 'append' = 'read'): Promise<string> {
  const data = to === 'read' ? {in: path, out: '/dev/null'} : {out: path, append: true};
  const backend = {type: 'file', data};
  const add = JSON.stringify({execute: 'chardev-add', arguments: {id: 'tried', backend}});
  const remove = JSON.stringify({execute: 'chardev-remove', arguments: {id: 'tried'}});
  const {status, output} = await tryVirtty('qemu-monitor-command', guest, add);
  if (status !== 0) return output.trim();
  await virtty('qemu-monitor-command', guest, remove);
  return '';
}

/** Writes a text into the VM, readable for all. */
export function writeInVm(path: string, text: string): Promise<string> {
  const bytes = Buffer.from(text).toString('base64');
  return inVm(
    `install -D -m 644 /dev/stdin ${quoted(path)} <<< "$(base64 -d <<< '${bytes}')"; restorecon ${quoted(path)}`,
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

export function labelOfFile(path: string): Promise<string> {
  return inVm(`stat -c %C ${quoted(path)}`);
}

/** Of a guest's emulator. */
export async function labelOfProcess(guest: string): Promise<string> {
  return inVm(`tr -d '\\0\\n' < /proc/${await pidOf(guest)}/attr/current`);
}
