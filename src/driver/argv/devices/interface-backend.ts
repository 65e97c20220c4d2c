import type {InterfaceDef} from '../../../model/devices/interface.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {notYetSupported} from './device-context.ts';

/** `-netdev`: the host's side of an interface. @throws {VirtError} CONFIG_UNSUPPORTED for what the host would have to prepare first */
export function netdevArg(nic: InterfaceDef, netdev: string, input: ArgvInput): QemuArg {
  const [type, options] = backendOptions(nic, input);
  return optionsArg('-netdev', {...options, id: netdev}, {key: 'type', value: type});
}

function backendOptions(nic: InterfaceDef, input: ArgvInput): readonly [string, OptionRecord] {
  switch (nic.type) {
    case 'user':
      if (nic.backend?.type === 'passt') throw notYetSupported("<interface type='user'> with passt", input);
      return ['user', userNetwork(nic)];
    case 'server':
      return ['socket', {listen: endpoint(nic.source)}];
    case 'client':
      return ['socket', {connect: endpoint(nic.source)}];
    case 'mcast':
      return ['socket', {mcast: endpoint(nic.source)}];
    case 'udp':
      return ['socket', {udp: endpoint(nic.source), localaddr: endpoint(nic.source?.local)}];
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
