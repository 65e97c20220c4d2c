import type {ChardevSource} from '../../../model/devices/chardev-source.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {notYetSupported} from './device-context.ts';

/** A device with a host's side. */
export interface ChardevUser {
  readonly kind: string;
  readonly alias?: string;
  readonly source: ChardevSource;
  readonly log?: {readonly file: string; readonly append?: boolean};
}

/** The host's side of a character device, and the id under which the guest's side takes it. */
export function buildChardevBackend(
  device: ChardevUser,
  input: ArgvInput,
): {readonly arg: QemuArg; readonly id: string} {
  if (device.alias === undefined) throw new Error(`a ${device.kind} device has no alias: assign aliases first`);
  const id = `char${device.alias}`;
  return {id, arg: chardevArg(device.kind, id, device.source, input, device.log)};
}

/**
 * `-chardev BACKEND,id=...`.
 *
 * @param kind  the element that the source belongs to, for the error
 * @throws {VirtError} CONFIG_UNSUPPORTED for a source that no argument is made for yet
 */
export function chardevArg(
  kind: string,
  id: string,
  source: ChardevSource,
  input: ArgvInput,
  log?: ChardevUser['log'],
): QemuArg {
  const [backend, own] = sourceOptions(kind, id, source, input);
  const logged = input.caps.flags.has('chardev-logfile') ? log : undefined;
  const options = {id, ...own, logfile: logged?.file, logappend: logged?.append};
  return optionsArg('-chardev', options, {key: 'backend', value: backend});
}

type Reconnect = {readonly enabled?: boolean; readonly timeoutSeconds?: number} | undefined;

function sourceOptions(
  kind: string,
  id: string,
  source: ChardevSource,
  input: ArgvInput,
): readonly [string, OptionRecord] {
  switch (source.type) {
    case 'pty': // QEMU makes the pty; a path in a live definition is what it made before
    case 'null':
    case 'vc':
    case 'stdio':
      return [source.type, {}];
    case 'file':
      return ['file', {path: source.path, append: source.append}];
    case 'dev':
      return [kind === 'parallel' ? 'parallel' : 'serial', {path: source.path}];
    case 'pipe':
      return ['pipe', {path: source.path}];
    case 'unix':
      if (source.path === undefined) return ['socket', {path: ownSocket(id, input), server: true, wait: false}];
      return ['socket', {path: source.path, ...socketMode(source.mode, source.reconnect)}];
    case 'tcp':
      return ['socket', tcpOptions(kind, source, input)];
    case 'udp':
      return ['udp', udpOptions(source)];
    case 'spicevmc':
      return ['spicevmc', {name: kind === 'redirdev' ? 'usbredir' : kind === 'smartcard' ? 'smartcard' : 'vdagent'}];
    case 'spiceport':
      return ['spiceport', {name: source.channel}];
    case 'qemu-vdagent':
      return ['qemu-vdagent', vdagentOptions(source)];
    default:
      throw notYetSupported(`<${kind} type='${source.type}'>`, input);
  }
}

/** A socket without a path is made beside the monitor's. */
function ownSocket(id: string, {paths}: ArgvInput): string {
  return `${paths.monitorSocket.slice(0, paths.monitorSocket.lastIndexOf('/'))}/${id}.sock`;
}

function socketMode(mode: 'connect' | 'bind', reconnect: Reconnect): OptionRecord {
  if (mode === 'bind') return {server: true, wait: false};
  const seconds = reconnect?.enabled === true ? reconnect.timeoutSeconds : undefined;
  return {reconnect: reconnect?.enabled === false ? 0 : seconds};
}

type Tcp = Extract<ChardevSource, {readonly type: 'tcp'}>;

function tcpOptions(kind: string, {source, protocol}: Tcp, input: ArgvInput): OptionRecord {
  if (source.tls === true) throw notYetSupported(`<${kind} type='tcp'> with TLS`, input);
  const telnet = protocol === 'telnet' ? true : undefined;
  return {host: source.host, port: source.service, telnet, ...socketMode(source.mode, source.reconnect)};
}

function udpOptions({sources}: Extract<ChardevSource, {readonly type: 'udp'}>): OptionRecord {
  const remote = sources.find(({mode}) => mode === 'connect');
  const local = sources.find(({mode}) => mode === 'bind');
  return {
    host: remote?.host ?? '',
    port: remote?.service ?? '',
    localaddr: local ? (local.host ?? '') : undefined,
    localport: local ? (local.service ?? '') : undefined,
  };
}

function vdagentOptions({source}: Extract<ChardevSource, {readonly type: 'qemu-vdagent'}>): OptionRecord {
  const mouse = source?.mouseMode === undefined ? undefined : source.mouseMode === 'client';
  return {name: 'vdagent', clipboard: source?.clipboardCopypaste, mouse};
}
