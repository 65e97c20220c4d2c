import {attr, child, orElse} from '../fields/element-fields.ts';
import {elementOf, type Field, type FieldContext} from '../fields/field.ts';
import {KEPT, kept} from '../fields/kept.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {integer, oneOf, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {aliasField} from './device-base.ts';
import type {DeviceCodec} from './device-codec.ts';
import {type GraphicsListen, listensField} from './graphics-listen.ts';
import {dbusParts, eglParts, passwordParts, rdpParts, sdlParts, spiceParts} from './graphics-parts.ts';

/** Where a VNC server listens when nothing is said. Source: libvirt 9.0.0, src/qemu/qemu.conf.in, vnc_listen. */
export const DEFAULT_VNC_LISTEN = '127.0.0.1';

const FIRST_VNC_PORT = 5900;

const alias = {alias: aliasField};

const vncRest = record({
  websocket: attr('websocket', integer(-1, 65535)),
  listens: listensField,
  keymap: attr('keymap', text),
  sharePolicy: attr('sharePolicy', oneOf('allow-exclusive', 'force-shared', 'ignore')),
  passwd: kept(passwordParts.passwd),
  passwdValidTo: kept(passwordParts.passwdValidTo),
  connected: kept(passwordParts.connected),
  powerControl: attr('powerControl', yesNo),
  audioId: child('audio', attr('id', integer(1))),
  ...alias,
});

/** `port`: TCP port from 5900 on; -1 is chosen when the domain starts. */
interface VncPort {
  readonly port: number;
  readonly autoport: boolean;
}

/** A server on a socket, or on nothing, has no port. */
const NO_PORT: VncPort = {port: -1, autoport: true};

function hasPort({type}: GraphicsListen): boolean {
  return type === 'address' || type === 'network';
}

const vncField: Field<VncPort & ValueOf<typeof vncRest>> = {
  read: (reader, context) => {
    const port = readVncPort(reader, context);
    const rest = vncRest.read(reader, context);
    const [listen] = rest?.listens ?? [];
    if (listen && listen.type !== 'address') reader.child('listen')?.warn(`<listen type='${listen.type}'> ${KEPT}`);
    return rest && {...(listen && hasPort(listen) ? port : NO_PORT), ...rest};
  },
  write: (vnc, into, context) => {
    const [first] = vnc.listens;
    if (first && hasPort(first)) {
      into.attributes.push(['port', String(vnc.autoport && !context.live ? -1 : vnc.port)]);
      into.attributes.push(['autoport', vnc.autoport ? 'yes' : 'no']);
    } else if (first?.type === 'socket' && first.socket) {
      into.attributes.push(['socket', first.socket]);
    }
    vncRest.write(vnc, into, context);
  },
};

function readVncPort(reader: ElementReader, context: FieldContext): VncPort {
  const port = reader.integer('port', {min: -1, max: 65535}) ?? -1;
  if (port !== -1 && port < FIRST_VNC_PORT) {
    const range = `in the range from ${FIRST_VNC_PORT} to 65535 (-1: chosen at the start)`;
    reader.error(`the VNC port ${port} is not ${range}`, 'port');
  }
  const autoport = (reader.flag('autoport', ['yes', 'no']) ?? false) || port === -1;
  return {port: autoport && !context.live ? -1 : port, autoport};
}

const spiceRest = record({listens: listensField, ...spiceParts, ...alias});

/** A missing port is 0; with `autoport` they are chosen at the start. */
interface SpicePorts {
  readonly port: number;
  readonly tlsPort: number;
  readonly autoport: boolean;
}

const spiceField: Field<SpicePorts & ValueOf<typeof spiceRest>> = {
  read: (reader, context) => {
    const given = {port: readSpicePort(reader, 'port'), tlsPort: readSpicePort(reader, 'tlsPort')};
    const autoport = (reader.flag('autoport', ['yes', 'no']) ?? false) || (given.port === -1 && given.tlsPort === -1);
    const rest = spiceRest.read(reader, context);
    const [listen] = rest?.listens ?? [];
    if (!rest || !listen || !hasPort(listen)) return rest && {port: 0, tlsPort: 0, autoport: false, ...rest};
    const ports = autoport && !context.live ? {port: 0, tlsPort: 0} : given;
    return {...ports, autoport, ...rest};
  },
  write: (spice, into, context) => {
    const [first] = spice.listens;
    if (first && hasPort(first)) {
      if (spice.port !== 0) into.attributes.push(['port', String(spice.port)]);
      if (spice.tlsPort !== 0) into.attributes.push(['tlsPort', String(spice.tlsPort)]);
      into.attributes.push(['autoport', spice.autoport ? 'yes' : 'no']);
    }
    spiceRest.write(spice, into, context);
  },
};

function readSpicePort(reader: ElementReader, name: string): number {
  return reader.integer(name, {min: -1, max: 65535}) ?? 0;
}

/** The screens that a start can make. */
const STARTED: readonly string[] = ['vnc'];

const graphicsField = variants('type', {
  vnc: vncField,
  spice: spiceField,
  sdl: record({...sdlParts, ...alias}),
  rdp: record({...rdpParts, ...alias}),
  'egl-headless': record({...eglParts, ...alias}),
  dbus: record({...dbusParts, ...alias}),
  desktop: record({display: attr('display', text), fullscreen: orElse(attr('fullscreen', yesNo), false), ...alias}),
});

/** A screen of the guest. That there is none is said by a `VideoDef` of type `none`. */
export type GraphicsDef = {readonly kind: 'graphics'} & ValueOf<typeof graphicsField>;
export type VncDef = Extract<GraphicsDef, {readonly type: 'vnc'}>;

export const graphicsCodec: DeviceCodec<GraphicsDef> = {
  elements: ['graphics'],
  parse: (reader, context) => {
    const value = graphicsField.read(reader, context);
    if (value && !STARTED.includes(value.type)) reader.warn(`<graphics type='${value.type}'> ${KEPT}`, 'type');
    return value && {kind: 'graphics', ...value};
  },
  format: (device, options) => elementOf('graphics', graphicsField, device, options),
  hostResources: () => [],
};

/** The address that a VNC server binds: that of its first listener, or the default. */
export function vncListenAddress({listens}: {readonly listens: readonly GraphicsListen[]}): string {
  const [first] = listens;
  return (first?.type === 'address' && first.address) || DEFAULT_VNC_LISTEN;
}
