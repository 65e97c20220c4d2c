import type {SpiceDef} from '../../../model/devices/graphics.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionValue, type QemuArg, textArg} from '../qemu-arg.ts';
import {hasPorts, portNeeds} from '../screen-ports.ts';
import {notYetSupported, refusal} from './device-context.ts';

type Pairs = readonly (readonly [string, OptionValue])[];

/** What libvirt writes for a guest that is not running. Source: libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessSPICEAllocatePorts. */
const SAMPLE_PORTS = {port: 5901, tlsPort: 5902};

const USUAL_CERTIFICATES = '/etc/pki/libvirt-spice';

/** A SPICE server. Its password is no part of the command line: it is set over the monitor before the guest runs. */
export function buildSpiceArgs(spice: SpiceDef, input: ArgvInput): readonly QemuArg[] {
  const settings = input.settings?.spice;
  const ports = portsOf(spice, input);
  checkModes(spice, ports, input);
  const hasPassword = spice.passwd !== undefined || settings?.password !== undefined;
  const certificates = settings?.tls?.x509Dir ?? USUAL_CERTIFICATES;
  const options: Pairs = [
    ...pairs({port: ports.port, 'tls-port': ports.tlsPort, ...place(spice, input)}),
    ...pairs({'agent-mouse': spice.mouseMode && spice.mouseMode === 'client', sasl: settings?.sasl ? true : undefined}),
    ...pairs({'disable-ticketing': hasPassword ? undefined : true}),
    ...pairs({'x509-dir': ports.tlsPort === undefined ? undefined : certificates}),
    ...channelPairs(spice),
    ...pairs(features(spice)),
    ['seamless-migration', true],
  ];
  const server: QemuArg = {kind: 'options', flag: '-spice', options};
  return [server, ...(spice.keymap === undefined ? [] : [textArg('-k', spice.keymap)])];
}

interface Ports {
  readonly port?: number | undefined;
  readonly tlsPort?: number | undefined;
}

function portsOf(spice: SpiceDef, input: ArgvInput): Ports {
  if (!hasPorts(spice)) return {};
  const needs = portNeeds(spice, input.settings);
  const chosen = (port: number, needed: boolean | undefined, sample: number) =>
    port > 0 ? port : needed ? sample : undefined;
  const ports = {
    port: chosen(spice.port, needs.port, SAMPLE_PORTS.port),
    tlsPort: chosen(spice.tlsPort, needs.tlsPort, SAMPLE_PORTS.tlsPort),
  };
  if (ports.tlsPort === undefined || input.settings?.spice?.tls) return ports;
  throw refused('it is to have an encrypted port, and TLS is off for SPICE on this host', input);
}

function place({listens}: SpiceDef, input: ArgvInput): Record<string, OptionValue | undefined> {
  const [listen] = listens;
  switch (listen?.type) {
    case 'socket':
      return {unix: true, addr: listen.socket};
    case 'none':
    case undefined:
      return {port: 0}; // QEMU wants a port where nothing else is said
    case 'network':
      throw notYetSupported("<listen type='network'>", input);
    case 'address':
      return {addr: listen.address};
  }
}

/** A channel that must be encrypted needs the port for it, one that must not needs the other. */
function checkModes({channels = [], defaultMode}: SpiceDef, ports: Ports, input: ArgvInput): void {
  const modes = [...channels.map(({mode}) => mode), defaultMode];
  if (modes.includes('secure') && ports.tlsPort === undefined) {
    throw refused('channels must be encrypted, and it has no tlsPort', input);
  }
  if (modes.includes('insecure') && ports.port === undefined) {
    throw refused('channels must not be encrypted, and it has no port', input);
  }
}

function refused(why: string, input: ArgvInput) {
  return refusal('SPICE server', why, 'change port, tlsPort or the modes of the channels in its <graphics>', input);
}

const CHANNEL_KEYS = {secure: 'tls-channel', insecure: 'plaintext-channel'} as const;

function channelPairs({channels = [], defaultMode = 'any'}: SpiceDef): Pairs {
  return [{name: 'default', mode: defaultMode}, ...channels].flatMap(({name, mode}) =>
    mode === 'any' ? [] : [[CHANNEL_KEYS[mode], name] as const],
  );
}

function features(spice: SpiceDef): Record<string, OptionValue | undefined> {
  const {gl} = spice;
  return {
    'image-compression': spice.imageCompression,
    'jpeg-wan-compression': spice.jpegCompression,
    'zlib-glz-wan-compression': spice.zlibCompression,
    'playback-compression': spice.playbackCompression,
    'streaming-video': spice.streamingMode,
    'disable-copy-paste': spice.clipboardCopypaste === false ? true : undefined,
    'disable-agent-file-xfer': spice.filetransferEnable === false ? true : undefined,
    gl: gl?.enable ? true : undefined,
    rendernode: gl?.enable ? gl.rendernode : undefined,
  };
}

function pairs(record: Readonly<Record<string, OptionValue | undefined>>): Pairs {
  return Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}
