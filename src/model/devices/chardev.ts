import {isX86} from '../arch.ts';
import {attr, child, childAttr} from '../fields/element-fields.ts';
import {type ElementParts, elementOf} from '../fields/field.ts';
import {KEPT, kept} from '../fields/kept.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {oneOf} from '../fields/scalar.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {element, type XmlNode} from '../xml/write-xml.ts';
import {chardevResources} from './chardev-resources.ts';
import {type ChardevSource, chardevParts, chardevSource} from './chardev-source.ts';
import {type DeviceBase, deviceParts} from './device-base.ts';
import type {DeviceCodec, DeviceFormatOptions, DeviceParseContext} from './device-codec.ts';

export type {ChardevSource} from './chardev-source.ts';

interface ChardevBase extends DeviceBase {
  readonly source: ChardevSource;
  readonly port: number;
  /** `<log file= append=/>`: everything the guest writes, also while nobody listens. */
  readonly log?: {readonly file: string; readonly append?: boolean};
}

/**
 * What a serial line is in the guest, with its devices; the first is meant where none is named.
 * Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainChrDefPostParse and qemuDomainChrMatchDefaultPath.
 */
export const SERIAL_TARGETS = {
  'isa-serial': ['isa-serial'],
  'usb-serial': ['usb-serial'],
  'pci-serial': ['pci-serial'],
  'spapr-vio-serial': ['spapr-vty'],
  'system-serial': ['pl011', '16550a'],
  'sclp-serial': ['sclpconsole', 'sclplmconsole'],
  'isa-debug': ['isa-debugcon'],
} as const;
export type SerialTargetType = keyof typeof SERIAL_TARGETS;
export type SerialModel = (typeof SERIAL_TARGETS)[SerialTargetType][number];

export interface SerialDef extends ChardevBase {
  readonly kind: 'serial';
  /** What the line is where it is not the machine's own, with the name of its device. */
  readonly target?: {readonly type: SerialTargetType; readonly model?: SerialModel};
}

/** What a console is in the guest; QEMU knows `serial`, `virtio`, and on S/390 `sclp` and `sclplm`. */
const CONSOLE_TARGETS = ['serial', 'virtio', 'xen', 'uml', 'lxc', 'openvz', 'sclp', 'sclplm'] as const;
export type ConsoleTargetType = (typeof CONSOLE_TARGETS)[number];

/**
 * The first console of a fullvirt guest is the same line as its first serial device: libvirt shows both,
 * QEMU gets one. Source: libvirt 9.0.0, docs/formatdomain, "Relationship between serial ports and consoles".
 */
export interface ConsoleDef extends ChardevBase {
  readonly kind: 'console';
  readonly targetType: ConsoleTargetType;
}

export type ChardevDef = SerialDef | ConsoleDef;

/** A port that the text does not name; `pairConsoles` gives the next free one. */
export const PORT_NOT_GIVEN = -1;

const MAX_PORT = 2 ** 31 - 1;

/** What both have, and what of it a start leaves out. */
const commonParts = record({
  ...chardevParts,
  ...deviceParts,
  boot: kept(deviceParts.boot),
});

const SERIAL_TYPES = Object.keys(SERIAL_TARGETS) as SerialTargetType[]; // the decoder: its keys are the types
const SERIAL_MODELS: readonly SerialModel[] = Object.values(SERIAL_TARGETS).flat();

const serialTarget = child(
  'target',
  record({type: attr('type', oneOf(...SERIAL_TYPES)), model: childAttr('model', 'name', oneOf(...SERIAL_MODELS))}),
);

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
  const {type, model} = serialTarget.read(reader, context) ?? {};
  // Without a type it is what its place is on, or the machine's own.
  const made = type ?? TYPE_OF_PLACE[backend?.address?.type ?? ''];
  const models: readonly SerialModel[] = made === undefined ? SERIAL_MODELS : SERIAL_TARGETS[made];
  if (model !== undefined && !models.includes(model)) {
    reader.child('target')?.error(`a serial line of type '${made}' is no '${model}', but ${models.join(' or ')}`);
  }
  if (made === undefined || made === 'isa-serial') return backend && {kind: 'serial', ...backend, port};
  const target = {type: made, ...withModel(model ?? (models.length === 1 ? models[0] : undefined))};
  return backend && {kind: 'serial', ...backend, target, port};
}

/** Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainChrDefPostParse. */
const TYPE_OF_PLACE: Readonly<Record<string, SerialTargetType>> = {
  usb: 'usb-serial',
  pci: 'pci-serial',
  'spapr-vio': 'spapr-vio-serial',
};

function withModel(model: SerialModel | undefined): Pick<NonNullable<SerialDef['target']>, 'model'> {
  return model === undefined ? {} : {model};
}

function parseConsole(reader: ElementReader, context: DeviceParseContext): ConsoleDef | undefined {
  const type = reader.child('target')?.choice('type', CONSOLE_TARGETS) ?? 'serial';
  const backend = parseBackend(reader, context);
  const port = parsePort(reader);
  return backend && {kind: 'console', targetType: type, ...backend, port};
}

function parsePort(reader: ElementReader): number {
  return reader.child('target')?.integer('port', {min: PORT_NOT_GIVEN, max: MAX_PORT}) ?? PORT_NOT_GIVEN;
}

function parseBackend(reader: ElementReader, context: DeviceParseContext): Omit<ChardevBase, 'port'> | undefined {
  const source = chardevSource.read(reader, context);
  if (source?.type === 'nmdm') reader.warn(`<${reader.name} type='nmdm'> ${KEPT}`, 'type');
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
