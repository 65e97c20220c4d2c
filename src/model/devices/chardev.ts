import {isX86} from '../arch.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import {element, type XmlNode} from '../xml/write-xml.ts';
import type {DeviceBase} from './device-base.ts';
import {
  absolutePath,
  aliasName,
  type DeviceCodec,
  type DeviceFormatOptions,
  type DeviceParseContext,
  type HostResource,
  parseAlias,
  warnAboutAddress,
} from './device-codec.ts';

/** The host's side of a character device. `path` of a pty is the slave, known while the domain runs. */
export type ChardevSource =
  | {readonly type: 'pty'; readonly path?: string}
  | {readonly type: 'file'; readonly path: string; readonly append: boolean}
  | {readonly type: 'null'};

interface ChardevBase extends DeviceBase {
  readonly source: ChardevSource;
  readonly port: number;
  /** `<log file= append=/>`: everything the guest writes, also while nobody listens. */
  readonly log?: {readonly file: string; readonly append: boolean};
}

export interface SerialDef extends ChardevBase {
  readonly kind: 'serial';
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
  if (!backend) return undefined;
  const target = reader.child('target');
  const type = target?.attribute('type');
  if (type === 'usb-serial' || type === 'pci-serial') {
    target?.warn(`target type '${type}' is not understood yet: the line is one of the machine's own`, 'type');
  }
  target?.child('model')?.tolerateAttributes('name');
  const port = target?.integer('port', {min: 0, max: MAX_PORT}) ?? PORT_NOT_GIVEN;
  return {kind: 'serial', ...backend, port, ...parseAlias(reader, context)};
}

function parseConsole(reader: ElementReader, context: DeviceParseContext): ConsoleDef | undefined {
  const target = reader.child('target');
  const type = target?.attribute('type') ?? 'serial';
  if (type !== 'serial' && type !== 'virtio') return reader.drop(`<console> with target type '${type}'`);
  const backend = parseBackend(reader, context);
  const port = target?.integer('port', {min: 0, max: MAX_PORT}) ?? PORT_NOT_GIVEN;
  return backend && {kind: 'console', targetType: type, ...backend, port, ...parseAlias(reader, context)};
}

function parseBackend(
  reader: ElementReader,
  context: DeviceParseContext,
): Pick<ChardevDef, 'source' | 'log'> | undefined {
  const source = parseSource(reader, context);
  if (!source) return undefined;
  warnAboutAddress(reader);
  const log = reader.child('log');
  const file = log?.attribute('file');
  if (!log) return {source};
  const append = log.flag('append', ['on', 'off']) ?? false;
  if (!file) {
    log.error("<log> has no file: write <log file='PATH'/>");
    return {source};
  }
  return {source, log: {file: absolutePath(log, file, 'file'), append}};
}

function parseSource(reader: ElementReader, context: DeviceParseContext): ChardevSource | undefined {
  const type = reader.attribute('type');
  // The path of a pty, and libvirt's old `tty` attribute for it, come from a running domain: they are no wish.
  const tty = type === 'pty' ? reader.attribute('tty') : undefined;
  switch (type) {
    case 'pty': {
      const path = reader.child('source')?.attribute('path') ?? tty;
      return context.live && path ? {type, path} : {type};
    }
    case 'file': {
      const source = reader.child('source');
      const path = source?.attribute('path');
      if (!source || !path)
        return reader.refuse(`<${reader.name} type='file'> has no file: <source path='PATH'/> is missing`);
      return {type, path: absolutePath(source, path, 'path'), append: source.flag('append', ['on', 'off']) ?? false};
    }
    case 'null':
      return {type};
    case undefined:
      return reader.refuse(`<${reader.name}> has no type: write <${reader.name} type='pty'>`);
    default:
      return reader.drop();
  }
}

function formatSerial(device: SerialDef, options: DeviceFormatOptions): XmlNode {
  const target = isX86(options.arch)
    ? element('target', {type: 'isa-serial', port: device.port}, [element('model', {name: 'isa-serial'})])
    : element('target', {port: device.port});
  return element('serial', {type: device.source.type}, formatParts(device, target, options));
}

function formatConsole(device: ConsoleDef, options: DeviceFormatOptions): XmlNode {
  const tty = options.live && device.source.type === 'pty' ? device.source.path : undefined;
  const target = element('target', {type: device.targetType, port: device.port});
  return element('console', {type: device.source.type, tty}, formatParts(device, target, options));
}

function formatParts(
  device: ChardevDef,
  target: XmlNode,
  options: DeviceFormatOptions,
): readonly (XmlNode | undefined)[] {
  const {log} = device;
  const alias = aliasName(device, options);
  return [
    formatSource(device.source, options),
    log && element('log', {file: log.file, append: log.append ? 'on' : 'off'}),
    target,
    alias === undefined ? undefined : element('alias', {name: alias}),
  ];
}

function formatSource(source: ChardevSource, options: DeviceFormatOptions): XmlNode | undefined {
  switch (source.type) {
    case 'pty':
      return options.live && source.path !== undefined ? element('source', {path: source.path}) : undefined;
    case 'file':
      return element('source', {path: source.path, append: source.append ? 'on' : undefined});
    case 'null':
      return undefined;
  }
}

function chardevResources({source, log}: ChardevDef, device: string): readonly HostResource[] {
  const resources: HostResource[] = [];
  const shape = {type: 'file', access: 'write', shared: false, created: true, device} as const;
  if (source.type === 'file') resources.push({role: 'chardev', path: source.path, ...shape});
  if (log) resources.push({role: 'log', path: log.file, ...shape});
  return resources;
}
