import type {ChardevSource} from '../../model/devices/chardev-source.ts';
import {parsePortSource} from '../argv-parse/chardevs/chardev-source.ts';
import type {OptionBag} from '../argv-parse/option-bag.ts';
import {OptionValueError} from '../argv-parse/option-value-error.ts';
import {parseOption} from '../argv-parse/parse-option.ts';

/** Where a monitor or a line of an emulator is. */
export type Endpoint =
  /** A socket that the emulator listens on, at a path as the emulator sees it. */
  | {readonly is: 'unix'; readonly path: string}
  /** A pty of the emulator's own making: the how-many-th of them it is, from 0. */
  | {readonly is: 'pty'; readonly at: number}
  /** Nothing that another program can attach to; a sentence's part on why. */
  | {readonly is: 'closed'; readonly why: string};

export interface MonitorChannel {
  readonly protocol: 'qmp' | 'hmp';
  readonly at: Endpoint;
}

/** A serial line or console of a guest. */
export interface LineChannel {
  readonly alias: string;
  readonly kind: 'serial' | 'console';
  readonly at: Endpoint;
  /** The file in which the emulator writes what the guest says. */
  readonly log?: string;
  /** Id of its chardev where it has one. */
  readonly chardev?: string;
}

/** The ways into a running emulator. */
export interface GuestChannels {
  readonly monitors: readonly MonitorChannel[];
  readonly lines: readonly LineChannel[];
  /** How many ptys the emulator has made. */
  readonly ptys: number;
}

/** The devices that are lines of a guest. Source: QEMU 7.2, `-device help`. */
const LINE_DEVICES: Readonly<Record<string, LineChannel['kind']>> = {
  'isa-serial': 'serial',
  'pci-serial': 'serial',
  'usb-serial': 'serial',
  'spapr-vty': 'serial',
  sclpconsole: 'console',
  sclplmconsole: 'console',
  virtconsole: 'console',
};

/**
 * The monitors and serial lines that a command line gives an emulator, in its order. What cannot be read is left out:
 * turning the command line into XML says what is wrong with it.
 *
 * @param toPath  makes a path absolute, as the emulator sees it
 */
export function guestChannels(words: readonly string[], toPath: (path: string) => string): GuestChannels {
  const options = optionsOf(words);
  const ptys = ptyMakers(options);
  const chardevs = new Map(
    options.flatMap(option => (option.name === 'chardev' ? readChardev(option, ptys, toPath) : [])),
  );
  const context = {ptys, chardevs, toPath};
  const lines = options.flatMap(option => guarded(() => linesOf(option, context)));
  return {
    monitors: options.flatMap(option => guarded(() => monitorsOf(option, context))),
    lines: lines.map((line, index) => {
      const before = lines.slice(0, index).filter(({kind}) => kind === line.kind).length;
      return {alias: `${line.kind}${before}`, ...line};
    }),
    ptys: ptys.length,
  };
}

interface NativeOption {
  readonly name: string;
  readonly value: string;
}

interface Backend {
  readonly at: Endpoint;
  readonly log?: string;
}

interface Context {
  /** What made a pty, in the order of making. */
  readonly ptys: readonly NativeOption[];
  readonly chardevs: ReadonlyMap<string, Backend>;
  readonly toPath: (path: string) => string;
}

function optionsOf(words: readonly string[]): readonly NativeOption[] {
  return words.flatMap((word, index) => {
    const name = /^--?([a-z][a-z-]*)$/.exec(word)?.[1];
    return name === undefined ? [] : [{name, value: words[index + 1] ?? ''}];
  });
}

/**
 * Chardevs and monitors make their ptys as they stand, then come the serial and the parallel lines.
 * Source: QEMU 7.2, softmmu/vl.c, monitor_parse and qemu_create_late_backends.
 */
function ptyMakers(options: readonly NativeOption[]): readonly NativeOption[] {
  const makers = (...names: readonly string[]) =>
    options.filter(({name, value}) => names.includes(name) && /^(?:mon:)?pty(?:[,:]|$)/.test(value));
  return [...makers('chardev', 'monitor', 'qmp', 'qmp-pretty'), ...makers('serial'), ...makers('parallel')];
}

function readChardev(
  option: NativeOption,
  ptys: readonly NativeOption[],
  toPath: Context['toPath'],
): readonly (readonly [string, Backend])[] {
  return guarded(() => {
    const bag = parseOption(option.value, 'backend');
    const [id, log] = [bag.take('id'), bag.take('logfile')];
    if (id === undefined) return [];
    const at = chardevEndpoint(bag, ptys.indexOf(option), toPath);
    return [[id, {at, ...(log === undefined ? {} : {log: toPath(log)})}] as const];
  });
}

function chardevEndpoint(bag: OptionBag, pty: number, toPath: Context['toPath']): Endpoint {
  const type = bag.take('backend') ?? '';
  if (type === 'pty') return {is: 'pty', at: pty};
  if (type !== 'socket') return endpointOfType(type);
  if (bag.take('fd') !== undefined) return {is: 'closed', why: 'its socket was handed over open by who started it'};
  const path = bag.take('path');
  if (path === undefined) return endpointOfType('tcp');
  if (bag.takeSwitch('abstract') === true) return {is: 'closed', why: 'its socket has no file'};
  return socketEndpoint(toPath(path), bag.takeSwitch('server') === true);
}

function socketEndpoint(path: string, listens: boolean): Endpoint {
  return listens ? {is: 'unix', path} : {is: 'closed', why: 'it is connected to a socket of another program'};
}

function endpointOfType(type: string): Endpoint {
  if (type === 'stdio') return {is: 'closed', why: 'it is the terminal in which the emulator was started'};
  if (type === 'vc') return {is: 'closed', why: "it is shown in the emulator's own window"};
  return {is: 'closed', why: `it is a line of type '${type}'`};
}

/** Of what stands behind `-serial`, `-monitor` or `-qmp`: `none` is nothing, undefined what cannot be read. */
function backendOf(option: NativeOption, {ptys, chardevs, toPath}: Context): Backend | 'none' {
  const text = option.value.replace(/^mon:/, '');
  if (text.startsWith('chardev:')) return chardevs.get(text.slice('chardev:'.length)) ?? 'none';
  const source = parsePortSource(text, toPath);
  if (source === 'none' || source === undefined) return 'none';
  return {at: sourceEndpoint(source, ptys.indexOf(option))};
}

function sourceEndpoint(source: ChardevSource, pty: number): Endpoint {
  if (source.type === 'pty') return {is: 'pty', at: pty};
  if (source.type === 'unix' && source.path !== undefined) return socketEndpoint(source.path, source.mode === 'bind');
  return endpointOfType(source.type);
}

/** Source: QEMU 7.2, qemu-options.hx, "-serial", `mon:`. */
const SHARED: Endpoint = {is: 'closed', why: 'it shares a line with serial0: Ctrl-A C there goes to it'};

function monitorsOf(option: NativeOption, context: Context): readonly MonitorChannel[] {
  const {name, value} = option;
  if (name === 'mon') {
    const bag = parseOption(value, 'chardev');
    const backend = context.chardevs.get(bag.take('chardev') ?? '');
    return backend ? [{protocol: bag.take('mode') === 'control' ? 'qmp' : 'hmp', at: backend.at}] : [];
  }
  if (name === 'serial' && value.startsWith('mon:')) return [{protocol: 'hmp', at: SHARED}];
  const isQmp = name === 'qmp' || name === 'qmp-pretty';
  const backend = name === 'monitor' || isQmp ? backendOf(option, context) : 'none';
  return backend === 'none' ? [] : [{protocol: isQmp ? 'qmp' : 'hmp', at: backend.at}];
}

function linesOf(option: NativeOption, context: Context): readonly Omit<LineChannel, 'alias'>[] {
  if (option.name === 'device') {
    const bag = parseOption(option.value, 'driver');
    const kind = LINE_DEVICES[bag.take('driver') ?? ''];
    const chardev = bag.take('chardev') ?? '';
    const backend = context.chardevs.get(chardev);
    return kind && backend ? [{kind, ...backend, chardev}] : [];
  }
  const backend = option.name === 'serial' ? backendOf(option, context) : 'none';
  if (backend === 'none') return [];
  const chardev = /^(?:mon:)?chardev:(.*)$/.exec(option.value)?.[1];
  return [{kind: 'serial', ...backend, ...(chardev === undefined ? {} : {chardev})}];
}

function guarded<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof OptionValueError) return [];
    throw error;
  }
}
