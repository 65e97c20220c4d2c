import type {NetBackend} from '../net-backend.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';

/** Reads the host's side of a card; undefined for a kind that the XML has no word for. What is not understood stays. */
export function takeNetBackend(type: string, bag: OptionBag): NetBackend | undefined {
  switch (type) {
    case 'user':
      return {type: 'user'};
    case 'tap':
      return takeTap(bag);
    case 'bridge':
      return {type: 'bridge', source: {bridge: bag.take('br') ?? 'br0'}};
    case 'socket':
      return takeSocket(bag);
    default:
      return undefined;
  }
}

/** A script of the name `no` is none. Source: QEMU 7.2, qemu-options.hx, "-netdev tap". */
function takeTap(bag: OptionBag): NetBackend {
  const script = bag.take('script');
  const downscript = bag.take('downscript');
  const dev = bag.take('ifname');
  const vhost = bag.takeSwitch('vhost');
  const queues = bag.takeNumber('queues');
  const sndbuf = bag.takeNumber('sndbuf');
  const hasDriver = vhost !== undefined || queues !== undefined;
  return {
    type: 'ethernet',
    ...omitUndefined({
      script: script === 'no' ? undefined : script,
      downscript: downscript === 'no' ? undefined : downscript,
      target: dev === undefined ? undefined : {dev},
      driver: hasDriver
        ? omitUndefined({name: vhost ? ('vhost' as const) : vhost === false ? ('qemu' as const) : undefined, queues})
        : undefined,
      sndbufBytes: sndbuf,
    }),
  };
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
  const match = /^(.*):(\d{1,5})$/.exec(bag.peek(key) ?? '');
  if (!match) return undefined;
  bag.take(key);
  const port = Number(match[2]);
  return match[1] ? {address: match[1], port} : {port};
}
