import type {ChardevSource} from '../../../model/devices/chardev.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';
import {type UdpAddress, udpSource} from './udp-source.ts';

/** What `-serial` and its kin say; `none` is no device at all, undefined what the XML has no word for. */
export type PortSource = ChardevSource | 'none' | undefined;

type ToPath = (path: string) => string;

/** `pty`, `file:PATH`, `tcp:HOST:PORT,server` and so on. Source: QEMU 7.2, qemu-options.hx, "-serial". */
export function parsePortSource(text: string, toPath: ToPath): PortSource {
  const [word = '', rest = ''] = splitOnce(text, ':');
  if (text.startsWith('/dev/')) return {type: 'dev', path: text};
  switch (word) {
    case 'none':
      return 'none';
    case 'null':
    case 'pty':
    case 'stdio':
    case 'vc':
      return {type: word};
    case 'file':
      return {type: 'file', path: toPath(rest)};
    case 'pipe':
      return {type: 'pipe', path: toPath(rest)};
    case 'unix':
      return parseUnix(rest, toPath);
    case 'tcp':
    case 'telnet':
      return parseTcp(rest, word === 'tcp' ? 'raw' : 'telnet');
    case 'udp':
      return parseUdp(rest);
    default:
      return undefined;
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseUnix(text: string, toPath: ToPath): ChardevSource | undefined {
  const bag = parseOption(text, 'path');
  const mode = bag.takeSwitch('server') ? 'bind' : 'connect';
  bag.drop('wait', 'nowait');
  const path = bag.take('path');
  return path === undefined || bag.rest.length > 0 ? undefined : {type: 'unix', mode, path: toPath(path)};
}

function parseTcp(text: string, protocol: 'raw' | 'telnet'): ChardevSource | undefined {
  const bag = parseOption(text, 'address');
  const mode = bag.takeSwitch('server') ? 'bind' : 'connect';
  bag.drop('wait', 'nowait', 'nodelay', 'delay');
  const address = parseAddress(bag.take('address') ?? '');
  if (!address || bag.rest.length > 0) return undefined;
  return {type: 'tcp', source: {mode, ...address}, protocol};
}

/** `[HOST]:PORT[@[HOST]:PORT]`: where to send, and where to listen. */
function parseUdp(text: string): ChardevSource | undefined {
  const [to = '', from] = splitOnce(text, '@');
  const connect = parseAddress(to);
  const bind = from === undefined ? {} : parseAddress(from);
  return connect && bind ? udpSource(connect, bind) : undefined;
}

/** A host with its port; either may be missing. */
function parseAddress(text: string): UdpAddress | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:,]*)$/.exec(text);
  if (!match) return undefined;
  const host = match[1] ?? match[2];
  return omitUndefined({host: host || undefined, service: match[3] || undefined});
}
