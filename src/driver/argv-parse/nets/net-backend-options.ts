import type {NetBackend} from '../net-backend.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';

/** Files that whoever started the emulator had opened for it: they are not in the line. */
const HANDED_OVER = ['fd', 'fds', 'vhostfd', 'vhostfds', 'vhostforce'];

/** Reads the host's side of a card; undefined for a kind that the XML has no word for. What is not understood stays. */
export function takeNetBackend(type: string, bag: OptionBag): NetBackend | undefined {
  switch (type) {
    case 'user':
      return takeUser(bag);
    case 'tap':
      return takeTap(bag);
    case 'bridge':
      bag.drop('helper');
      return {type: 'bridge', source: {bridge: bag.take('br') ?? 'br0'}};
    case 'socket':
      return takeSocket(bag);
    case 'vhost-vdpa':
      return takeVdpa(bag);
    default:
      return undefined;
  }
}

/** The network that the guest sees. */
function takeUser(bag: OptionBag): NetBackend {
  const v4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(bag.peek('net') ?? '');
  const v6 = bag.peek('ipv6-prefix');
  const ips = [];
  if (v4?.[1] !== undefined) {
    bag.take('net');
    const prefix = v4[2] === undefined ? {} : {prefix: Number(v4[2])};
    ips.push({address: v4[1], family: 'ipv4' as const, ...prefix});
  }
  if (v6 !== undefined) {
    bag.take('ipv6-prefix');
    ips.push({address: v6, family: 'ipv6' as const, ...omitUndefined({prefix: bag.takeNumber('ipv6-prefixlen')})});
  }
  return {type: 'user', ...(ips.length > 0 ? {ips} : {})};
}

/** A script of the name `no` is none. Source: QEMU 7.2, qemu-options.hx, "-netdev tap". */
function takeTap(bag: OptionBag): NetBackend {
  bag.drop(...HANDED_OVER);
  const script = bag.take('script');
  const downscript = bag.take('downscript');
  const dev = bag.take('ifname');
  const driver = takeTapDriver(bag);
  const bridge = bag.peek('br');
  if (bridge !== undefined) {
    // A helper connects it, as the driver does by itself.
    bag.drop('br', 'helper');
    return {type: 'bridge', source: {bridge}, ...omitUndefined({driver})};
  }
  return {
    type: 'ethernet',
    ...omitUndefined({
      script: script === 'no' || script === '' ? undefined : script,
      downscript: downscript === 'no' || downscript === '' ? undefined : downscript,
      target: dev === undefined ? undefined : {dev},
      driver,
      sndbufBytes: bag.takeNumber('sndbuf'),
    }),
  };
}

function takeTapDriver(bag: OptionBag) {
  const vhost = bag.takeSwitch('vhost');
  const queues = bag.takeNumber('queues');
  if (vhost === undefined && queues === undefined) return undefined;
  const name = vhost ? ('vhost' as const) : vhost === false ? ('qemu' as const) : undefined;
  return omitUndefined({name, queues});
}

function takeSocket(bag: OptionBag): NetBackend | undefined {
  const server = takeAddress(bag, 'listen');
  if (server) return {type: 'server', source: server};
  const client = takeAddress(bag, 'connect');
  if (client) return {type: 'client', source: client};
  const mcast = takeAddress(bag, 'mcast');
  if (mcast) return {type: 'mcast', source: mcast};
  const udp = takeAddress(bag, 'udp');
  if (!udp) return undefined;
  const local = takeAddress(bag, 'localaddr');
  return {type: 'udp', source: {...udp, ...omitUndefined({local})}};
}

function takeAddress(bag: OptionBag, key: string): {readonly address?: string; readonly port: number} | undefined {
  const match = /^(?:\[([^\]]*)\]|(.*)):(\d{1,5})$/.exec(bag.peek(key) ?? '');
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65535) return undefined;
  bag.take(key);
  const address = match[1] ?? match[2];
  return address ? {address, port} : {port};
}

function takeVdpa(bag: OptionBag): NetBackend | undefined {
  const dev = bag.peek('vhostdev');
  if (dev === undefined || !dev.startsWith('/dev/') || dev.startsWith('/dev/fdset/')) return undefined;
  bag.take('vhostdev');
  const queues = bag.takeNumber('queues');
  return {type: 'vdpa', source: {dev}, ...omitUndefined({driver: queues === undefined ? undefined : {queues}})};
}
