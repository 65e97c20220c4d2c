import {VirtError} from '../../../base/virt-error.ts';
import type {InterfaceDef} from '../../../model/devices/interface.ts';
import {type ArgvInput, domainDirectory} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {notYetSupported} from './device-context.ts';
import {isVirtioNic, nicDriverOptions} from './nic-driver.ts';
import {tapBackend} from './tap-backend.ts';

/** The host's side of an interface: `-netdev`, after what that refers to. */
export interface NicBackend {
  readonly args: readonly QemuArg[];
  /** The id under which the adapter takes it; absent for an adapter that is connected with nothing. */
  readonly netdev?: string;
}

/** @throws {VirtError} CONFIG_UNSUPPORTED for what QEMU cannot do */
export function nicBackend(nic: InterfaceDef, alias: string, input: ArgvInput): NicBackend {
  refuseAddresses(nic, input);
  const netdev = `host${alias}`;
  const one = (type: string, options: OptionRecord): NicBackend => ({
    netdev,
    args: [optionsArg('-netdev', {...options, id: netdev}, {key: 'type', value: type})],
  });
  switch (nic.type) {
    case 'user':
      return one(...userBackend(nic, alias, input));
    case 'server':
      return one('socket', {listen: endpoint(nic.source)});
    case 'client':
      return one('socket', {connect: endpoint(nic.source)});
    case 'mcast':
      return one('socket', {mcast: endpoint(nic.source)});
    case 'udp':
      return one('socket', {udp: endpoint(nic.source), localaddr: endpoint(nic.source?.local)});
    case 'network':
    case 'bridge':
    case 'direct':
    case 'ethernet':
      return one(...tapBackend(nic, alias, input));
    case 'vhostuser':
      return vhostUserBackend(nic, alias, input);
    case 'vdpa':
      return one('vhost-vdpa', {vhostdev: nic.source.dev, queues: manyQueues(nic)});
    case 'null':
      return {args: []};
    default:
      throw notYetSupported(`<interface type='${nic.type}'>`, input);
  }
}

interface Endpoint {
  readonly address?: string;
  readonly port?: number;
}

function endpoint(made: Endpoint | undefined): string {
  return `${made?.address ?? ''}:${made?.port ?? ''}`;
}

function manyQueues(nic: InterfaceDef): number | undefined {
  const queues = nicDriverOptions(nic)?.queues ?? 1;
  return queues > 1 ? queues : undefined;
}

/** Its own program, if one was started for it, else QEMU's. */
function userBackend(nic: InterfaceDef, alias: string, input: ArgvInput): readonly [string, OptionRecord] {
  if (nic.backend?.type !== 'passt') return ['user', userNetwork(nic)];
  const side = input.host?.nets?.get(alias);
  const socket = side?.is === 'stream' ? side.socket : `${domainDirectory(input)}/${alias}-passt.sock`;
  return ['stream', {'addr.type': 'unix', 'addr.path': socket, server: false}];
}

/** The guest's own network, as `<ip>` says it. */
function userNetwork({ips}: InterfaceDef): OptionRecord {
  const v4 = ips?.find(({family}) => family !== 'ipv6');
  const v6 = ips?.find(({family}) => family === 'ipv6');
  return {
    net: v4 && `${v4.address}${v4.prefix === undefined ? '' : `/${v4.prefix}`}`,
    'ipv6-prefix': v6?.address,
    'ipv6-prefixlen': v6?.prefix,
  };
}

type VhostUser = Extract<InterfaceDef, {readonly type: 'vhostuser'}>;

/** As a server QEMU waits for the switch before it builds the machine. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildInterfaceCommandLine. */
function vhostUserBackend(nic: VhostUser, alias: string, input: ArgvInput): NicBackend {
  if (!isVirtioNic(nic)) throw unsupported(nic, input, 'a vhost-user switch serves virtio adapters only');
  const {path, mode, reconnect} = nic.source;
  const chardev = `char${alias}`;
  const seconds = reconnect?.enabled === true ? reconnect.timeoutSeconds : undefined;
  const socket = {
    id: chardev,
    path,
    server: mode === 'server' ? true : undefined,
    reconnect: reconnect?.enabled === false ? 0 : seconds,
  };
  const netdev = `host${alias}`;
  const options = {chardev, queues: manyQueues(nic), id: netdev};
  return {
    netdev,
    args: [
      optionsArg('-chardev', socket, {key: 'backend', value: 'socket'}),
      optionsArg('-netdev', options, {key: 'type', value: 'vhost-user'}),
    ],
  };
}

/** Source: libvirt 9.0.0, src/qemu/qemu_validate.c, qemuValidateDomainDeviceDefNetwork. */
function refuseAddresses(nic: InterfaceDef, input: ArgvInput): void {
  const {ips = [], routes = [], portForwards = [], type, backend} = nic;
  if (routes.length > 0) throw unsupported(nic, input, 'QEMU gives a guest no routes');
  if (ips.length > 0 && type !== 'user') throw unsupported(nic, input, "QEMU gives addresses on type='user' only");
  if (ips.some(({peer}) => peer !== undefined)) throw unsupported(nic, input, 'QEMU knows no addresses with a peer');
  for (const family of ['ipv4', 'ipv6']) {
    const count = ips.filter(ip => (ip.family ?? 'ipv4') === family).length;
    if (count > 1) throw unsupported(nic, input, `QEMU gives one ${family} address to an interface, not ${count}`);
  }
  if (portForwards.length > 0 && backend?.type !== 'passt') {
    throw unsupported(nic, input, "<portForward> needs <backend type='passt'/>");
  }
}

function unsupported({mac, type}: InterfaceDef, {def}: ArgvInput, why: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its interface ${mac} of type '${type}': ${why}`,
    {hint: 'change the interface in the domain XML'},
  );
}
