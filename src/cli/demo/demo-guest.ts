import type {Capabilities} from '../../model/capabilities.ts';

/** What the demo looked at on this host, before it decides which guests can be offered. */
export interface DemoHost {
  readonly capabilities: Capabilities;
  /** Whether a file is there; asked only for absolute paths. */
  readonly exists: (path: string) => boolean;
  /** Folder of the images that were built for the demo. */
  readonly images: string;
}

/** A guest of the demo: one file each. */
export interface DemoGuest {
  readonly name: string;
  /** Why it cannot be offered here, as a sentence without a full stop; undefined when it can. */
  readonly missing: (host: DemoHost) => string | undefined;
  /** Its domain XML. */
  readonly xml: (host: DemoHost) => string;
}

/** Folders in which QEMU keeps firmware, in the packages of Debian, Fedora, SUSE and Arch, and when built by hand. */
const FIRMWARE_DIRS = [
  '/usr/share/qemu',
  '/usr/lib/ipxe/qemu',
  '/usr/share/ipxe/qemu',
  '/usr/share/openbios',
  '/usr/share/qemu-openbios',
  '/usr/local/share/qemu',
];

/** Whether one of the firmware files is in a folder where an emulator looks for it. */
export function hasFirmware(host: DemoHost, ...names: readonly string[]): boolean {
  return FIRMWARE_DIRS.some(dir => names.some(name => host.exists(`${dir}/${name}`)));
}

/**
 * Why there is no emulator for an architecture here, undefined when there is. Goes by the names of the files, so that
 * nobody waits for a probe.
 */
export function missingEmulator({capabilities}: DemoHost, names: readonly string[]): string | undefined {
  const found = capabilities.emulators.some(
    info => info.status !== 'failed' && names.some(name => info.path.endsWith(`/${name}`)),
  );
  return found ? undefined : `there is no ${names.join(' or ')} in ${capabilities.searched.join(', ')}`;
}
