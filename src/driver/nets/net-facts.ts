import {constants} from 'node:fs';
import {access, readdir} from 'node:fs/promises';
import {fileExists, isExecutable, readTextIfThere} from '../../host/files.ts';
import {findProgram} from '../../host/find-program.ts';

/** A network device of the host. */
export interface NetDevice {
  readonly kind: 'bridge' | 'macvtap' | 'tap' | 'other';
  readonly mtu: number;
  /** Lower case with colons. */
  readonly address: string;
  readonly isUp: boolean;
  /** Another device sits on it. */
  readonly isUsed: boolean;
}

/** What is known of the host before networks are planned. */
export interface NetFacts {
  /** The devices that were asked for and are there. */
  readonly devices: ReadonlyMap<string, NetDevice>;
  /** Paths of the programs that are there. */
  readonly programs: {readonly ip?: string; readonly passt?: string; readonly bridgeHelper?: string};
  readonly hasTun: boolean;
  readonly hasVhostNet: boolean;
}

const NET_DEVICES = '/sys/class/net';

/** Source: libvirt 9.0.0, meson_options.txt and src/qemu/qemu.conf.in, bridge_helper; Debian and Fedora differ. */
const BRIDGE_HELPERS = [
  '/usr/libexec/qemu-bridge-helper',
  '/usr/lib/qemu/qemu-bridge-helper',
  '/usr/lib/qemu-bridge-helper',
];

/** Linux, include/uapi/linux/if.h. */
const IFF_UP = 1;

/**
 * Looks at some network devices and at the programs and nodes that interfaces need.
 *
 * @param helper  QEMU's helper for bridges, instead of one in the usual places
 */
export async function readNetFacts(names: readonly string[], helper?: string): Promise<NetFacts> {
  const found = await Promise.all(names.map(async name => [name, await readNetDevice(name)] as const));
  const [ip, passt] = await Promise.all([findProgram('ip'), findProgram('passt')]);
  const bridgeHelper = await firstExecutable(helper === undefined ? BRIDGE_HELPERS : [helper]);
  return {
    devices: new Map(found.flatMap(([name, device]) => (device ? [[name, device] as const] : []))),
    programs: {...(ip ? {ip} : {}), ...(passt ? {passt} : {}), ...(bridgeHelper ? {bridgeHelper} : {})},
    hasTun: await fileExists('/dev/net/tun'),
    hasVhostNet: await isUsable('/dev/vhost-net'),
  };
}

async function readNetDevice(name: string): Promise<NetDevice | undefined> {
  if (!isDeviceName(name)) return undefined;
  const folder = `${NET_DEVICES}/${name}`;
  const [mtu, address, flags, entries] = await Promise.all([
    readTextIfThere(`${folder}/mtu`),
    readTextIfThere(`${folder}/address`),
    readTextIfThere(`${folder}/flags`),
    readdir(folder).catch(() => []), // there is no such device
  ]);
  if (mtu === undefined) return undefined;
  return {
    kind: kindOf(entries),
    mtu: Number(mtu),
    address: address?.trim() ?? '',
    isUp: (Number(flags) & IFF_UP) !== 0,
    isUsed: entries.some(entry => entry.startsWith('upper_')),
  };
}

/** By what sysfs has of a device. Source: Linux, net/bridge/br_sysfs_br.c, drivers/net/tun.c, drivers/net/tap.c. */
function kindOf(entries: readonly string[]): NetDevice['kind'] {
  if (entries.includes('bridge')) return 'bridge';
  if (entries.includes('tun_flags')) return 'tap';
  return entries.some(entry => /^tap\d+$/.test(entry)) || entries.includes('macvtap') ? 'macvtap' : 'other';
}

/** A name that the kernel takes. Source: Linux, net/core/dev.c, dev_valid_name; a `%` would be a pattern. */
export function isDeviceName(name: string): boolean {
  return /^[^\s/:%\0]{1,15}$/.test(name) && name !== '.' && name !== '..';
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function isUsable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false; // any reason: it is asked whether, not why
  }
}
