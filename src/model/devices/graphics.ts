import {attr, childAttr, orElse} from '../fields/element-fields.ts';
import {elementOf, type Field, type FieldContext} from '../fields/field.ts';
import {KEPT} from '../fields/kept.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {integer, oneOf, text, yesNo} from '../fields/scalar.ts';
import {variants} from '../fields/variants.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {audioId} from './audio.ts';
import {aliasField} from './device-base.ts';
import type {DeviceCodec, HostResource} from './device-codec.ts';
import {type GraphicsListen, listensField} from './graphics-listen.ts';
import {dbusParts, eglParts, passwordParts, rdpParts, sdlParts, spiceParts} from './graphics-parts.ts';
import {renderNode} from './video.ts';

/** Where a VNC server listens when nothing is said. Source: libvirt 9.0.0, src/qemu/qemu.conf.in, vnc_listen. */
export const DEFAULT_VNC_LISTEN = '127.0.0.1';

const FIRST_VNC_PORT = 5900;

const alias = {alias: aliasField};

const vncRest = record({
  websocket: attr('websocket', integer(-1, 65535)),
  listens: listensField,
  keymap: attr('keymap', text),
  sharePolicy: attr('sharePolicy', oneOf('allow-exclusive', 'force-shared', 'ignore')),
  ...passwordParts,
  powerControl: attr('powerControl', yesNo),
  audioId: childAttr('audio', 'id', audioId),
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
    if (rest) checkVncPassword(reader, rest);
    const [listen] = rest?.listens ?? [];
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

/** What the protocol has room for. Source: RFC 6143, 7.2.2; libvirt 9.0.0, src/conf/domain_conf.c, virDomainGraphicsAuthDefParseXML. */
const MAX_VNC_PASSWORD = 8;

function checkVncPassword(reader: ElementReader, {passwd = '', connected}: ValueOf<typeof vncRest>): void {
  if (passwd.length > MAX_VNC_PASSWORD) {
    reader.error(`a VNC password has at most ${MAX_VNC_PASSWORD} characters, this one has ${passwd.length}`, 'passwd');
  }
  if (connected !== undefined && connected !== 'keep') {
    reader.error(`VNC keeps those who are connected when its password changes: connected must be 'keep'`, 'connected');
  }
}

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

/** The screens that QEMU has none of. */
const OF_OTHERS: readonly string[] = ['rdp', 'desktop'];

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
export type SpiceDef = Extract<GraphicsDef, {readonly type: 'spice'}>;

export const graphicsCodec: DeviceCodec<GraphicsDef> = {
  elements: ['graphics'],
  parse: (reader, context) => {
    const value = graphicsField.read(reader, context);
    if (value && OF_OTHERS.includes(value.type)) {
      reader.warn(`QEMU has no screen of type '${value.type}': the domain will not start with it`, 'type');
    }
    for (const listen of reader.children('listen')) {
      if (listen.attribute('type') === 'network') listen.warn(`<listen type='network'> ${KEPT}`);
    }
    return value && {kind: 'graphics', ...value};
  },
  format: (device, options) => elementOf('graphics', graphicsField, device, options),
  hostResources: screenResources,
};

function screenResources(screen: GraphicsDef): readonly HostResource[] {
  const shape = {role: 'screen', access: 'write', device: `${screen.type} screen`} as const;
  const sockets =
    'listens' in screen ? screen.listens.flatMap(listen => ('socket' in listen ? listen.socket : [])) : [];
  const gl = 'gl' in screen ? screen.gl : undefined;
  return [
    ...sockets.flatMap(path =>
      path === undefined ? [] : [{...shape, path, type: 'socket', shared: false, created: true} as const],
    ),
    ...renderNode(gl?.rendernode, shape.device),
  ];
}

/** The address that a screen's server binds: that of its first listener, or the default. */
export function vncListenAddress({listens}: {readonly listens: readonly GraphicsListen[]}): string {
  const [first] = listens;
  return (first?.type === 'address' && first.address) || DEFAULT_VNC_LISTEN;
}
