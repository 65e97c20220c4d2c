import {VirtError} from '../../base/virt-error.ts';
import type {FilesystemDef} from '../../model/devices/filesystem.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {aliasOf} from '../argv/devices/device-context.ts';
import {virtiofsSocket} from '../argv/devices/filesystem.ts';
import type {StepOwner} from '../host-steps/host-step.ts';
import {domainRunDir, guestRunDir, type InstancePaths} from '../instance-paths.ts';
import type {Preparation} from '../preparation.ts';

export interface VirtiofsHost {
  readonly paths: InstancePaths;
  /** The daemon that is installed; undefined: none is. */
  readonly program: string | undefined;
  /** Of the sockets: as whom the emulator runs that connects to them. */
  readonly owner: StepOwner;
}

/** The filesystems that need a daemon of ours: others have one that listens already. */
export function daemonFilesystems(def: DomainDef): readonly FilesystemDef[] {
  return devicesOf(def, 'filesystem').filter(
    ({driver, source}) => driver?.type === 'virtiofs' && source?.socket === undefined,
  );
}

/**
 * One daemon for each such filesystem. Whoever the guest is, it stays root and keeps root's rights: it needs them to lock
 * itself into the directory (namespaces, pivot_root), which it does before it serves, and to act there as the owner that
 * the guest names. Its socket is given to the guest. It ends with the connection of its emulator.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when none is installed, or there is nothing to share
 * @see libvirt 9.0.0, src/qemu/qemu_virtiofs.c, qemuVirtioFSBuildCommandLine
 */
export function planVirtiofsDaemons(def: DomainDef, host: VirtiofsHost): Pick<Preparation, 'steps' | 'takeBacks'> {
  const runDir = domainRunDir(host.paths, def.uuid);
  const pidFile = (filesystem: FilesystemDef) => `${runDir}/${aliasOf(filesystem)}-fs.stat`;
  const filesystems = daemonFilesystems(def);
  const socketOwner = host.owner ? {socketOwner: host.owner} : {};
  return {
    steps: filesystems.map(filesystem => {
      const program = filesystem.binary?.path ?? host.program;
      const what = `the daemon of filesystem '${filesystem.target ?? ''}' of domain '${def.name}'`;
      if (program === undefined) throw notInstalled(def, filesystem);
      const dir = filesystem.source?.dir;
      if (dir === undefined) throw refusal(def, filesystem, "it has no <source dir='PATH'/>", 'name the directory');
      const socket = virtiofsSocket(filesystem, guestRunDir(host.paths, def.uuid));
      const args = [`--socket-path=${socket}`, '-o', daemonOptions(dir, filesystem), ...threadArgs(filesystem)];
      const logPath = `${runDir}/${aliasOf(filesystem)}-fs.log`;
      return {
        do: 'start-helper',
        helper: {what, program, args, socket, ...socketOwner, pidFile: pidFile(filesystem), logPath},
      };
    }),
    takeBacks: filesystems.map(filesystem => ({what: 'process', pidFile: pidFile(filesystem)})),
  };
}

/**
 * As the daemon of QEMU 7.2 takes them and, for compatibility, that of virtio-fs. A backslash stands before a comma of a
 * path (libfuse, lib/fuse_opt.c); that libvirt 9.0.0 doubles it names another directory.
 */
function daemonOptions(dir: string, {binary}: FilesystemDef): string {
  const {cacheMode, sandboxMode, xattr, lock} = binary ?? {};
  const toggle = (name: string, on: boolean | undefined) => (on === undefined ? [] : [on ? name : `no_${name}`]);
  return [
    `source=${dir.replace(/[\\,]/g, '\\$&')}`,
    ...(cacheMode === undefined ? [] : [`cache=${cacheMode}`]),
    ...(sandboxMode === undefined ? [] : [`sandbox=${sandboxMode}`]),
    ...toggle('xattr', xattr),
    ...toggle('flock', lock?.flock),
    ...toggle('posix_lock', lock?.posix),
  ].join(',');
}

function threadArgs({binary}: FilesystemDef): readonly string[] {
  return binary?.threadPoolSize === undefined ? [] : [`--thread-pool-size=${binary.threadPoolSize}`];
}

function notInstalled(def: DomainDef, filesystem: FilesystemDef): VirtError {
  const hint = "install 'virtiofsd' (Debian 12: qemu-system-common has one), or name it: <binary path='PATH'/>";
  return refusal(def, filesystem, 'this host has no virtiofsd', hint);
}

function refusal({name}: DomainDef, {target}: FilesystemDef, why: string, hint: string): VirtError {
  const message = `cannot give domain '${name}' its filesystem '${target ?? ''}': ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {hint});
}
