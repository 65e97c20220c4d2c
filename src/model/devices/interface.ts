import type {ElementReader} from '../xml/element-reader.ts';
import {element, type XmlNode} from '../xml/write-xml.ts';
import type {DeviceBase} from './device-base.ts';
import {
  aliasName,
  type DeviceCodec,
  type DeviceFormatOptions,
  type DeviceParseContext,
  parseAlias,
  warnAboutAddress,
} from './device-codec.ts';

export interface InterfaceDef extends DeviceBase {
  readonly kind: 'interface';
  readonly type: 'user';
  /** Lower case, colons. */
  readonly mac: string;
  /** e.g. `virtio`, `e1000`, `sungem`; without it the emulator's usual one. */
  readonly model?: string;
}

/** Network interfaces; user networking touches nothing on the host. */
export const interfaceCodec: DeviceCodec<InterfaceDef> = {
  elements: ['interface'],
  parse: parseInterface,
  format: formatInterface,
  hostResources: () => [],
};

function parseInterface(reader: ElementReader, context: DeviceParseContext): InterfaceDef | undefined {
  const type = reader.attribute('type');
  if (type === undefined) return reader.refuse("<interface> has no type: write <interface type='user'>");
  if (type !== 'user') return reader.drop();
  const mac = parseMac(reader) ?? context.newMac();
  const model = parseModel(reader);
  warnAboutAddress(reader);
  return {kind: 'interface', type, mac, ...(model === undefined ? {} : {model}), ...parseAlias(reader, context)};
}

function parseMac(reader: ElementReader): string | undefined {
  const mac = reader.child('mac');
  const address = mac?.attribute('address');
  if (!mac || address === undefined) return undefined;
  if (!/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/.test(address)) {
    mac.error(`'${address}' is not a MAC address: it must be like '52:54:00:12:34:56'`, 'address');
  } else if ((Number.parseInt(address.slice(0, 2), 16) & 1) === 1) {
    mac.error(`expected a unicast MAC address, found the multicast one '${address}'`, 'address');
  }
  return address.toLowerCase();
}

/** Source of the pattern: libvirt 9.0.0, src/conf/domain_conf.c, virDomainNetModelTypeParse. */
function parseModel(reader: ElementReader): string | undefined {
  const model = reader.child('model');
  const type = model?.attribute('type');
  if (!model || type === undefined) return undefined;
  if (!/^[A-Za-z0-9_-]+$/.test(type)) {
    model.error(`the interface model '${type}' is no name: only letters, digits, '-' and '_' are allowed`, 'type');
  }
  return type;
}

function formatInterface(device: InterfaceDef, options: DeviceFormatOptions): XmlNode {
  const alias = aliasName(device, options);
  return element('interface', {type: device.type}, [
    element('mac', {address: device.mac}),
    device.model === undefined ? undefined : element('model', {type: device.model}),
    alias === undefined ? undefined : element('alias', {name: alias}),
  ]);
}
