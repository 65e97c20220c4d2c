import type {ChardevSource} from '../../../model/devices/chardev-source.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {cannotGive, withoutComma} from './refuse.ts';

type TcpSource = Extract<ChardevSource, {readonly type: 'tcp'}>;
type UdpSource = Extract<ChardevSource, {readonly type: 'udp'}>;

/**
 * The host's side of a character device as one word, the form of `-serial`, `-parallel` and `-monitor`.
 *
 * @param what  the device as its owner knows it
 * @throws {VirtError} CONFIG_UNSUPPORTED for a kind that has no such word
 */
export function legacyChardevWord(source: ChardevSource, what: string, input: ArgvInput): string {
  switch (source.type) {
    case 'pty':
    case 'null':
    case 'vc':
    case 'stdio':
      return source.type;
    case 'dev':
      return source.path;
    case 'file':
    case 'pipe':
      return `${source.type}:${source.path}`;
    case 'unix':
      return unixWord(source, what, input);
    case 'tcp':
      return tcpWord(source, what, input);
    case 'udp':
      return udpWord(source, what, input);
    default:
      throw cannotGive(what, `this emulator knows no character device of type '${source.type}'`, input);
  }
}

function unixWord(source: Extract<ChardevSource, {readonly type: 'unix'}>, what: string, input: ArgvInput): string {
  if (source.path === undefined) throw cannotGive(what, 'its socket has no path', input);
  return `unix:${withoutComma(source.path, what, input)}${listening(source.mode)}`;
}

function tcpWord({source, protocol}: TcpSource, what: string, input: ArgvInput): string {
  if (protocol !== undefined && protocol !== 'raw' && protocol !== 'telnet') {
    throw cannotGive(what, `this emulator does not speak ${protocol}`, input);
  }
  const end = withoutComma(`${bracketed(source.host ?? '')}:${source.service ?? ''}`, what, input);
  return `${protocol === 'telnet' ? 'telnet' : 'tcp'}:${end}${listening(source.mode)}`;
}

function udpWord({sources}: UdpSource, what: string, input: ArgvInput): string {
  const [to, from] = (['connect', 'bind'] as const).map(mode => {
    const end = sources.find(source => source.mode === mode);
    return end && withoutComma(`${bracketed(end.host ?? '')}:${end.service ?? ''}`, what, input);
  });
  return `udp:${to ?? ':'}${from === undefined ? '' : `@${from}`}`;
}

function listening(mode: 'bind' | 'connect' | undefined): string {
  return mode === 'bind' ? ',server,nowait' : '';
}

/** An IPv6 address where a port follows. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `-chardev`, for what is connected by an id. @throws {VirtError} CONFIG_UNSUPPORTED */
export function legacyChardevArg(source: ChardevSource, id: string, what: string, input: ArgvInput): QemuArg {
  if (!input.caps.flags.has('chardev')) throw cannotGive(what, 'this emulator has no -chardev', input);
  const backend = (value: string, options: OptionRecord = {}) =>
    optionsArg('-chardev', {id, ...options}, {key: 'backend', value});
  switch (source.type) {
    case 'pty':
    case 'null':
    case 'vc':
    case 'stdio':
      return backend(source.type);
    case 'dev':
      return backend('tty', {path: source.path});
    case 'file':
    case 'pipe':
      return backend(source.type, {path: source.path});
    case 'unix':
      if (source.path === undefined) throw cannotGive(what, 'its socket has no path', input);
      return backend('socket', {path: source.path, ...serverOptions(source.mode)});
    case 'tcp': {
      const {host, service, mode} = source.source;
      const telnet = source.protocol === 'telnet' ? true : undefined;
      return backend('socket', {host, port: service, telnet, ...serverOptions(mode)});
    }
    default:
      throw cannotGive(what, `this emulator knows no character device of type '${source.type}'`, input);
  }
}

/** The long form of `server,nowait`. */
function serverOptions(mode: 'bind' | 'connect' | undefined): OptionRecord {
  return mode === 'bind' ? {server: true, wait: false} : {};
}
