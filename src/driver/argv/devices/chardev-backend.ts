import type {ChardevSource} from '../../../model/devices/chardev-source.ts';
import {type ArgvInput, domainDirectory, type TlsSettings} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {refusal} from './device-context.ts';
import {tlsObject} from './tls-object.ts';

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
): {readonly args: readonly QemuArg[]; readonly id: string} {
  if (device.alias === undefined) throw new Error(`a ${device.kind} device has no alias: assign aliases first`);
  const id = `char${device.alias}`;
  return {id, args: chardevArgs(device.kind, id, device.source, input, device.log)};
}

/**
 * `-chardev BACKEND,id=...`, after the certificates that it needs.
 *
 * @param kind  the element that the source belongs to, for the error
 * @throws {VirtError} CONFIG_UNSUPPORTED for a source that QEMU has no word for
 */
export function chardevArgs(
  kind: string,
  id: string,
  source: ChardevSource,
  input: ArgvInput,
  log?: ChardevUser['log'],
): readonly QemuArg[] {
  const tls = tlsOf(source, input);
  const [backend, own] = sourceOptions(kind, id, source, input);
  const logged = input.caps.flags.has('chardev-logfile') ? log : undefined;
  const options = {
    id,
    ...own,
    'tls-creds': tls && tlsId(id),
    logfile: logged?.file,
    logappend: logged?.append,
  };
  return [
    ...(tls ? [tlsObject({id: tlsId(id), ...tls.object}, tls.settings)] : []),
    optionsArg('-chardev', options, {key: 'backend', value: backend}),
  ];
}

/** Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAliasTLSObjFromSrcAlias. */
function tlsId(id: string): string {
  return `obj${id}_tls0`;
}

interface LineTls {
  readonly object: {readonly endpoint: 'server' | 'client'; readonly verify: boolean};
  readonly settings: TlsSettings;
}

/** A client always looks at the certificate of its server. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildTLSx509BackendProps. */
function tlsOf(source: ChardevSource, {settings}: ArgvInput): LineTls | undefined {
  if (source.type !== 'tcp' || !(source.source.tls ?? settings?.chardevTls?.always)) return undefined;
  const isServer = source.source.mode === 'bind';
  const verify = isServer ? (settings?.chardevTls?.verify ?? true) : true;
  return {object: {endpoint: isServer ? 'server' : 'client', verify}, settings: settings?.chardevTls ?? {}};
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
      return ['socket', tcpOptions(source)];
    case 'udp':
      return ['udp', udpOptions(source)];
    case 'spicevmc':
      if (LINES.includes(kind))
        throw refusal(`<${kind} type='spicevmc'>`, 'it is for channels', "give it 'pty'", input);
      return ['spicevmc', {name: SPICE_NAMES[kind] ?? 'vdagent'}];
    case 'spiceport':
      return ['spiceport', {name: source.channel}];
    case 'qemu-vdagent':
      return ['qemu-vdagent', vdagentOptions(source)];
    case 'dbus':
      return ['dbus', {name: source.source?.channel}];
    case 'nmdm':
      throw refusal(`<${kind} type='nmdm'>`, 'QEMU on Linux has no null modem', "give it 'pty' or 'unix'", input);
  }
}

const LINES: readonly string[] = ['serial', 'parallel', 'console'];

/** What SPICE calls the channel of a kind of device. */
const SPICE_NAMES: Readonly<Record<string, string>> = {redirdev: 'usbredir', smartcard: 'smartcard'};

/** A socket without a path is made beside the monitor's. */
function ownSocket(id: string, input: ArgvInput): string {
  return `${domainDirectory(input)}/${id}.sock`;
}

function socketMode(mode: 'connect' | 'bind', reconnect: Reconnect): OptionRecord {
  if (mode === 'bind') return {server: true, wait: false};
  const seconds = reconnect?.enabled === true ? reconnect.timeoutSeconds : undefined;
  return {reconnect: reconnect?.enabled === false ? 0 : seconds};
}

function tcpOptions({source, protocol}: Extract<ChardevSource, {readonly type: 'tcp'}>): OptionRecord {
  const telnet = protocol === 'telnet' ? true : undefined;
  return {host: source.host, port: source.service, telnet, ...socketMode(source.mode, source.reconnect)};
}

/** Without an end of its own a line takes any free port. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildChardevCommand. */
function udpOptions({sources}: Extract<ChardevSource, {readonly type: 'udp'}>): OptionRecord {
  const remote = sources.find(({mode}) => mode === 'connect');
  const local = sources.find(({mode}) => mode === 'bind');
  return {
    host: remote?.host ?? '',
    port: remote?.service ?? '',
    localaddr: local?.host ?? '',
    localport: local?.service ?? '0',
  };
}

function vdagentOptions({source}: Extract<ChardevSource, {readonly type: 'qemu-vdagent'}>): OptionRecord {
  const mouse = source?.mouseMode === undefined ? undefined : source.mouseMode === 'client';
  return {name: 'vdagent', clipboard: source?.clipboardCopypaste, mouse};
}
