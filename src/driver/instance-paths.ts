import {VirtError} from '../base/virt-error.ts';
import {fileNameOf} from '../model/domain-path.ts';
import type {InstanceAddress} from '../model/uri.ts';

/** Where an instance keeps its files. */
export interface InstancePaths {
  /** Definitions, one XML file each. */
  readonly definitions: string;
  /** Sockets and live status: gone after a reboot of the host. */
  readonly run: string;
  /** What a domain left behind when it last ended. */
  readonly lib: string;
  readonly cache: string;
  /** Logs of emulators and consoles. */
  readonly log: string;
}

/** What of the user's surroundings decides about paths. */
export interface Surroundings {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes a path absolute. */
  readonly resolve: (path: string) => string;
}

/**
 * The folders of an instance.
 *
 * @throws {VirtError} INVALID_ARG when the address leaves sockets no room
 * @see docs/architecture.md, "Files"; XDG Base Directory Specification 0.8
 */
export function instancePaths(address: InstanceAddress, around: Surroundings): InstancePaths {
  const paths = foldersOf(address, around);
  const socket = monitorPath(guestRunDir(paths, '00000000-0000-0000-0000-000000000000'));
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) {
    throw new VirtError(
      'INVALID_ARG',
      'QEMU',
      `cannot use '${paths.run}': sockets in it would have paths of ${Buffer.byteLength(socket)} bytes, and the kernel takes ${MAX_SOCKET_PATH}`,
      {hint: 'choose a directory with a shorter path'},
    );
  }
  return paths;
}

/** Source: Linux, include/uapi/linux/un.h, UNIX_PATH_MAX less the closing zero. */
const MAX_SOCKET_PATH = 107;

function foldersOf(address: InstanceAddress, {home, env, resolve}: Surroundings): InstancePaths {
  switch (address.kind) {
    case 'embed': {
      const root = resolve(address.root);
      return {
        definitions: `${root}/etc`,
        run: `${root}/run`,
        lib: `${root}/lib`,
        cache: `${root}/cache`,
        log: `${root}/log`,
      };
    }
    case 'system':
      return {
        definitions: '/etc/virtty/qemu',
        run: '/run/virtty/qemu',
        lib: '/var/lib/virtty/qemu',
        cache: '/var/cache/virtty/qemu',
        log: '/var/log/virtty/qemu',
      };
    case 'session': {
      const base = (name: string, fallback: string) => env[name] || fallback;
      return {
        definitions: `${base('XDG_CONFIG_HOME', `${home}/.config`)}/virtty/qemu`,
        // Without a runtime directory libvirt takes the cache, never a guessable name in /tmp (9.0.0, virGetUserRuntimeDirectory).
        run: env.XDG_RUNTIME_DIR
          ? `${env.XDG_RUNTIME_DIR}/virtty/qemu`
          : `${base('XDG_CACHE_HOME', `${home}/.cache`)}/virtty/run/qemu`,
        lib: `${base('XDG_DATA_HOME', `${home}/.local/share`)}/virtty/qemu`,
        cache: `${base('XDG_CACHE_HOME', `${home}/.cache`)}/virtty/qemu`,
        log: `${base('XDG_STATE_HOME', `${home}/.local/state`)}/virtty/log/qemu`,
      };
    }
  }
}

/** The configuration of an instance: beside its definitions, of an embedded one among them. */
export function configurationPath({definitions}: InstancePaths, kind: InstanceAddress['kind']): string {
  const folder = kind === 'embed' ? definitions : definitions.slice(0, definitions.lastIndexOf('/'));
  return `${folder}/qemu.conf`;
}

/** The driver's directory of a running domain: its status, its exit status, what has to be taken back at its end. */
export function domainRunDir(paths: InstancePaths, uuid: string): string {
  return `${paths.run}/${uuid}`;
}

/** The guest's directory of a running domain: its sockets, and what its processes read and write only in this run. */
export function guestRunDir(paths: InstancePaths, uuid: string): string {
  return `${domainRunDir(paths, uuid)}/guest`;
}

/** The driver's own monitor of a domain. @param directory  the guest's */
export function monitorPath(directory: string): string {
  return `${directory}/monitor.sock`;
}

/** The second monitor, for what a person types. @param directory  the guest's */
export function userMonitorPath(directory: string): string {
  return `${directory}/user.sock`;
}

/** Says who types into a line of a running domain. */
export function typingRightPath(paths: InstancePaths, uuid: string, alias: string): string {
  return `${domainRunDir(paths, uuid)}/${alias}.typist`;
}

/** Says which process records a line of a running domain. */
export function recorderPath(paths: InstancePaths, uuid: string, alias: string): string {
  return `${domainRunDir(paths, uuid)}/${alias}.recorder`;
}

/** What people typed into the monitor of a domain. */
export function monitorHistoryPath(paths: InstancePaths, uuid: string): string {
  return `${paths.lib}/${uuid}.monitor-history`;
}

/** The log of a domain: its command lines, what its emulators printed, how its runs ended. */
export function domainLogPath(paths: InstancePaths, name: string): string {
  return `${paths.log}/${fileNameOf(name)}.log`;
}

/** Where a serial line's log goes when the next boot begins. */
export function previousLogPath(path: string): string {
  return `${path}.0`;
}

/** Where an instance writes down what its guests are given. */
export function grantRegistry({lib}: InstancePaths): string {
  return `${lib}/grants.json`;
}
