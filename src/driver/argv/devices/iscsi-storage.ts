import type {NetworkHost} from '../../../model/devices/disk-network.ts';
import type {JsonObject} from '../qemu-arg.ts';
import {splitAtSlash} from './split-at-slash.ts';

const ISCSI_PORT = 3260;

/** A unit of an iSCSI server. */
export interface IscsiUnit {
  /** The target, with the number of the unit behind a slash. */
  readonly name: string;
  readonly host: NetworkHost;
  readonly initiator: string | undefined;
  readonly username: string | undefined;
  /** QEMU's id of the password; absent where there is none. */
  readonly secretId: string | undefined;
}

/** The options of the node of such a unit, without its driver. Source: libvirt 9.0.0, src/qemu/qemu_block.c, qemuBlockStorageSourceGetISCSIProps. */
export function iscsiOptions({name, host, initiator, username, secretId}: IscsiUnit): JsonObject {
  const [target, lun] = splitAtSlash(name);
  return {
    portal: `${bracketed(host.name)}:${host.port ?? ISCSI_PORT}`,
    target,
    lun: Number(lun || 0),
    transport: host.transport === 'rdma' ? 'iser' : 'tcp',
    user: username,
    'password-secret': secretId,
    'initiator-name': initiator,
  };
}

/** An IPv6 address stands in brackets before a port. */
function bracketed(name = ''): string {
  return name.includes(':') ? `[${name}]` : name;
}
