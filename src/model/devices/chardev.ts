import {isX86} from '../arch.ts';
import {attr, child} from '../fields/element-fields.ts';
import {type ElementParts, elementOf} from '../fields/field.ts';
import {KEPT, kept} from '../fields/kept.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {matching} from '../fields/scalar.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {element, type XmlNode} from '../xml/write-xml.ts';
import {type ChardevSource, chardevParts, chardevSource} from './chardev-source.ts';
import {type DeviceBase, deviceParts} from './device-base.ts';
import type {DeviceCodec, DeviceFormatOptions, DeviceParseContext, HostResource} from './device-codec.ts';

export type {ChardevSource} from './chardev-source.ts';

interface ChardevBase extends DeviceBase {
  readonly source: ChardevSource;
  readonly port: number;
  /** `<log file= append=/>`: everything the guest writes, also while nobody listens. */
  readonly log?: {readonly file: string; readonly append: boolean};
}

export interface SerialDef extends ChardevBase {
  readonly kind: 'serial';
  /** What the line is where it is not the machine's own, e.g. `usb-serial`, with the name of its device. */
  readonly target?: {readonly type?: string; readonly model?: string};
}

/**
 * The first console of a fullvirt guest is the same line as its first serial device: libvirt shows both,
 * QEMU gets one. Source: libvirt 9.0.0, docs/formatdomain, "Relationship between serial ports and consoles".
 */
export interface ConsoleDef extends ChardevBase {
  readonly kind: 'console';
  readonly targetType: 'serial' | 'virtio';
}

export type ChardevDef = SerialDef | ConsoleDef;

/** A port that the text does not name; `pairConsoles` gives the next free one. */
export const PORT_NOT_GIVEN = -1;

const MAX_PORT = 65535;

/** The kinds of host's side that a start can make. */
const STARTED: readonly ChardevSource['type'][] = [
  'pty',
  'file',
  'null',
  'vc',
  'stdio',
  'dev',
  'pipe',
  'unix',
  'tcp',
  'udp',
  'spicevmc',
  'spiceport',
  'qemu-vdagent',
];

/** What both have, and what of it a start leaves out. */
const commonParts = record({
  ...chardevParts,
  ...deviceParts,
  boot: kept(deviceParts.boot),
  address: kept(deviceParts.address),
});

const name = matching(/^[A-Za-z0-9_-]+$/, 'a name');
const serialTarget = child('target', record({type: attr('type', name), model: child('model', attr('name', name))}));

/** Serial lines. */
export const serialCodec: DeviceCodec<SerialDef> = {
  elements: ['serial'],
  parse: parseSerial,
  format: formatSerial,
  hostResources: device => chardevResources(device, `serial port ${device.port}`),
};

/** Consoles; one of target type `serial` adds nothing to what its serial line touches. */
export const consoleCodec: DeviceCodec<ConsoleDef> = {
  elements: ['console'],
  parse: parseConsole,
  format: formatConsole,
  hostResources: device =>
    device.targetType === 'serial' ? [] : chardevResources(device, `console port ${device.port}`),
};

function parseSerial(reader: ElementReader, context: DeviceParseContext): SerialDef | undefined {
  const backend = parseBackend(reader, context);
  const port = parsePort(reader);
  const target = serialTarget.read(reader, context);
  const isOwn = target?.type === undefined || target.type === 'isa-serial';
  if (!isOwn) reader.child('target')?.warn(`the target type '${target.type}' ${KEPT}`, 'type');
  return backend && {kind: 'serial', ...backend, ...(isOwn ? {} : {target}), port};
}

function parseConsole(reader: ElementReader, context: DeviceParseContext): ConsoleDef | undefined {
  const type = reader.child('target')?.attribute('type') ?? 'serial';
  if (type !== 'serial' && type !== 'virtio') return reader.drop(`<console> with target type '${type}'`);
  const backend = parseBackend(reader, context);
  const port = parsePort(reader);
  return backend && {kind: 'console', targetType: type, ...backend, port};
}

function parsePort(reader: ElementReader): number {
  return reader.child('target')?.integer('port', {min: 0, max: MAX_PORT}) ?? PORT_NOT_GIVEN;
}

function parseBackend(reader: ElementReader, context: DeviceParseContext): Omit<ChardevBase, 'port'> | undefined {
  const source = chardevSource.read(reader, context);
  if (source && !STARTED.includes(source.type)) reader.warn(`<${reader.name} type='${source.type}'> ${KEPT}`, 'type');
  const common = commonParts.read(reader, context);
  return source && {source, ...common};
}

function formatSerial(device: SerialDef, options: DeviceFormatOptions): XmlNode {
  const own = isX86(options.arch) ? {type: 'isa-serial', model: 'isa-serial'} : {};
  const {type, model} = device.target ?? own;
  const models = model === undefined ? [] : [element('model', {name: model})];
  return formatChardev('serial', device, element('target', {type, port: device.port}, models), options);
}

function formatConsole(device: ConsoleDef, options: DeviceFormatOptions): XmlNode {
  const target = element('target', {type: device.targetType, port: device.port});
  const node = formatChardev('console', device, target, options);
  const tty = options.live && device.source.type === 'pty' ? device.source.path : undefined;
  return tty === undefined ? node : {...node, attributes: [...node.attributes, ['tty', tty]]};
}

/** Source, log, target, then what every device has. */
function formatChardev(name: string, device: ChardevDef, target: XmlNode, options: DeviceFormatOptions): XmlNode {
  const parts: ElementParts = {attributes: [], children: [], text: undefined};
  chardevSource.write(device.source, parts, options);
  const {log, ...rest} = device;
  if (log) chardevParts.log.write(log, parts, options);
  const {content} = elementOf<ValueOf<typeof commonParts>>(name, commonParts, rest, options);
  return element(name, Object.fromEntries(parts.attributes), [
    ...parts.children,
    target,
    ...(typeof content === 'string' ? [] : content),
  ]);
}

function chardevResources({source, log}: ChardevDef, device: string): readonly HostResource[] {
  const resources: HostResource[] = [];
  const shape = {type: 'file', access: 'write', shared: false, created: true, device} as const;
  if (source.type === 'file') resources.push({role: 'chardev', path: source.path, ...shape});
  if (log) resources.push({role: 'log', path: log.file, ...shape});
  return resources;
}
