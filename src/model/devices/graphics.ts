import type {ElementReader} from '../xml/element-reader.ts';
import {element, type XmlNode} from '../xml/write-xml.ts';
import type {DeviceBase} from './device-base.ts';
import {
  aliasName,
  type DeviceCodec,
  type DeviceFormatOptions,
  type DeviceParseContext,
  parseAlias,
} from './device-codec.ts';

export interface VncDef extends DeviceBase {
  readonly kind: 'graphics';
  readonly type: 'vnc';
  /** TCP port from 5900 on; -1 is chosen when the domain starts. */
  readonly port: number;
  readonly autoport: boolean;
  readonly listen: string;
  readonly keymap?: string;
}

export interface NoGraphicsDef extends DeviceBase {
  readonly kind: 'graphics';
  /** No screen at all, said explicitly. */
  readonly type: 'none';
}

export type GraphicsDef = VncDef | NoGraphicsDef;

/** Where a VNC server listens when nothing is said. Source: libvirt 9.0.0, src/qemu/qemu.conf.in, vnc_listen. */
export const DEFAULT_VNC_LISTEN = '127.0.0.1';

const FIRST_VNC_PORT = 5900;

/**
 * Graphics. `<graphics type='none'/>` is this program's; libvirt says the same with `<video><model type='none'/>`,
 * so that is what is printed, and both are read.
 */
export const graphicsCodec: DeviceCodec<GraphicsDef> = {
  elements: ['graphics', 'video'],
  parse: parseGraphics,
  format: formatGraphics,
  hostResources: () => [],
};

function parseGraphics(reader: ElementReader, context: DeviceParseContext): GraphicsDef | undefined {
  if (reader.name === 'video') {
    const none = reader.child('model')?.attribute('type') === 'none';
    return none ? {kind: 'graphics', type: 'none', ...parseAlias(reader, context)} : reader.drop();
  }
  switch (reader.attribute('type')) {
    case 'vnc':
      return parseVnc(reader, context);
    case 'none':
      return {kind: 'graphics', type: 'none', ...parseAlias(reader, context)};
    case undefined:
      return reader.refuse("<graphics> has no type: write <graphics type='vnc'>");
    default:
      return reader.drop();
  }
}

function parseVnc(reader: ElementReader, context: DeviceParseContext): VncDef | undefined {
  const given = reader.integer('port', {min: -1, max: 65535});
  const port = given ?? -1;
  if (port !== -1 && port < FIRST_VNC_PORT) {
    reader.error(
      `the VNC port ${port} is not in the range from ${FIRST_VNC_PORT} to 65535 (-1: chosen at the start)`,
      'port',
    );
  }
  const autoport = (reader.flag('autoport', ['yes', 'no']) ?? false) || port === -1;
  const listen = parseListen(reader);
  const keymap = reader.attribute('keymap');
  return {
    kind: 'graphics',
    type: 'vnc',
    port: autoport && !context.live ? -1 : port,
    autoport,
    listen,
    ...(keymap ? {keymap} : {}),
    ...parseAlias(reader, context),
  };
}

/** An IP address or a host's name, as far as its characters tell. */
function checkListen(reader: ElementReader, attribute: string): string | undefined {
  const address = reader.attribute(attribute) || undefined;
  if (address !== undefined && !/^[A-Za-z0-9.:%_-]+$/.test(address)) {
    reader.error(`'${address}' is neither an IP address nor the name of a host`, attribute);
  }
  return address;
}

function parseListen(reader: ElementReader): string {
  const attribute = checkListen(reader, 'listen');
  const child = reader.child('listen');
  if (!child) return attribute ?? DEFAULT_VNC_LISTEN;
  const type = child.attribute('type') ?? 'address';
  if (type !== 'address') {
    child.refuse(`<listen type='${type}'> is not supported yet: only 'address' is`, 'type');
    return DEFAULT_VNC_LISTEN;
  }
  const address = checkListen(child, 'address');
  if (attribute !== undefined && address !== undefined && attribute !== address) {
    child.error(
      `the listen attribute '${attribute}' of <graphics> must match the address '${address}' of <listen>`,
      'address',
    );
  }
  return address ?? attribute ?? DEFAULT_VNC_LISTEN;
}

function formatGraphics(device: GraphicsDef, options: DeviceFormatOptions): XmlNode {
  const alias = aliasName(device, options);
  const aliasNode = alias === undefined ? undefined : element('alias', {name: alias});
  if (device.type === 'none') return element('video', {}, [element('model', {type: 'none'}), aliasNode]);
  const {port, autoport, listen, keymap} = device;
  const attributes = {
    type: device.type,
    port: autoport && !options.live ? -1 : port,
    autoport: autoport ? 'yes' : 'no',
    listen,
    keymap,
  };
  return element('graphics', attributes, [element('listen', {type: 'address', address: listen}), aliasNode]);
}
