import {
  type HmpDrive,
  isInfoHelp,
  isUnknownCommand,
  parseInfoBalloon,
  parseInfoBlock,
  parseInfoChardev,
  parseInfoMigrate,
  parseInfoStatus,
  parseInfoVersion,
  parseInfoVnc,
} from './hmp-info.ts';
import {QmpCommandError} from './qmp-client.ts';
import type {QmpObject, QmpValue} from './qmp-json.ts';

/** How a command of QMP is said to a text monitor, and what its answer is. */
interface Translation {
  /** Undefined where the text monitor does it without being told. */
  readonly line: (args: QmpObject) => string | undefined;
  /** What is answered where it asks for a password. */
  readonly password?: (args: QmpObject) => string;
  /** Undefined for an answer that is none; without it a command that succeeds prints nothing. */
  readonly value?: (answer: string) => QmpValue | undefined;
}

const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  cont: {line: () => 'cont'},
  stop: {line: () => 'stop'},
  system_powerdown: {line: () => 'system_powerdown'},
  system_reset: {line: () => 'system_reset'},
  system_wakeup: {line: () => 'system_wakeup'},
  quit: {line: () => 'quit'},
  'human-monitor-command': {line: args => text(args, 'command-line'), value: answer => answer},
  'query-status': {line: () => 'info status', value: statusValue},
  'query-version': {
    line: () => 'info version',
    value: answer => definedAs(parseInfoVersion(answer), version => ({version})),
  },
  'query-block': {line: () => 'info block', value: answer => parseInfoBlock(answer)?.map(driveValue)},
  'query-chardev': {
    line: () => 'info chardev',
    value: answer =>
      definedAs(parseInfoChardev(answer), chardevs => [...chardevs].map(([label, filename]) => ({label, filename}))),
  },
  'query-vnc': {line: () => 'info vnc', value: vncValue},
  'query-balloon': {
    line: () => 'info balloon',
    value: answer => definedAs(parseInfoBalloon(answer), kib => ({actual: kib * 1024})),
  },
  'query-migrate': {
    line: () => 'info migrate',
    value: answer => definedAs(parseInfoMigrate(answer), status => ({status})),
  },
  set_password: {line: passwordLine, password: args => text(args, 'password')},
  // A password that has no end is what the command before has set.
  expire_password: {line: args => (args.time === 'never' ? undefined : unsaid('expire_password'))},
  screendump: {line: args => `screendump ${quoteForHmp(text(args, 'filename'))}`},
  // The time that keys are held came with 0.10; what all of them take is their own.
  'send-key': {line: args => `sendkey ${keysWord(args.keys)}`},
  eject: {line: args => `eject ${args.force === true ? '-f ' : ''}${text(args, 'device')}`},
  'blockdev-change-medium': {line: changeLine},
  balloon: {line: args => `balloon ${Math.floor(Number(args.value) / 1024 / 1024)}`},
  migrate: {line: args => `migrate -d ${quoteForHmp(text(args, 'uri'))}`},
  migrate_cancel: {line: () => 'migrate_cancel'},
};

export interface HmpCall {
  /** Undefined where there is nothing to say. */
  readonly line: string | undefined;
  readonly password?: string;
}

/** How a command of QMP is said. @throws {QmpCommandError} CommandNotFound for what a text monitor is not asked */
export function hmpCall(command: string, args: QmpObject = {}): HmpCall {
  const translation = Object.hasOwn(TRANSLATIONS, command) ? TRANSLATIONS[command] : undefined;
  if (!translation) return unsaid(command);
  const {line, password} = translation;
  return {line: line(args), ...(password ? {password: password(args)} : {})};
}

function unsaid(command: string): never {
  throw new QmpCommandError(command, 'CommandNotFound', 'it has a text monitor only, which has no such command');
}

/** Of a screen on VNC; there is no other that has one. Source: QEMU 0.9.1, monitor.c, do_change_vnc. */
function passwordLine({protocol}: QmpObject): string {
  return protocol === 'vnc' ? 'change vnc password' : unsaid('set_password');
}

/**
 * What the answer to such a line says in QMP's words.
 *
 * @throws {QmpCommandError} CommandNotFound where this emulator has no such command, GenericError with what it printed
 */
export function hmpValue(command: string, answer: string): QmpValue {
  const read = TRANSLATIONS[command]?.value;
  const value = read ? read(answer) : answer.trim() === '' ? {} : undefined;
  if (value !== undefined) return value;
  const isUnknown = isUnknownCommand(answer) || isInfoHelp(answer);
  if (isUnknown) throw new QmpCommandError(command, 'CommandNotFound', 'this emulator has no such command');
  throw new QmpCommandError(command, 'GenericError', answer.trim().replaceAll('\n', '; '));
}

/**
 * A word of a text monitor's line, in its quotes where it needs them, of which every version takes the backslash off.
 *
 * @see QEMU 0.8.2, monitor.c, get_str
 */
export function quoteForHmp(word: string): string {
  if (/^[\w./:@%+=,-]+$/.test(word)) return word;
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** QMP's key codes are the names of `sendkey`; a number is one there, too. Source: QEMU 0.10, monitor.c, get_keycode. */
function keysWord(keys: QmpValue | undefined): string {
  const list: readonly QmpValue[] = Array.isArray(keys) ? keys : [];
  return list
    .map(key => {
      const data = typeof key === 'object' && key !== null && 'data' in key ? key.data : key;
      return typeof data === 'number' ? `0x${data.toString(16)}` : String(data);
    })
    .join('-');
}

function changeLine(args: QmpObject): string {
  const format = args.format === undefined ? '' : ` ${text(args, 'format')}`;
  return `change ${text(args, 'device')} ${quoteForHmp(text(args, 'filename'))}${format}`;
}

function statusValue(answer: string): QmpValue | undefined {
  return definedAs(parseInfoStatus(answer), ({running, detail}) => ({
    running,
    status: detail ?? (running ? 'running' : 'paused'),
  }));
}

function driveValue({device, removable, locked, medium}: HmpDrive): QmpValue {
  const drive = {device, removable, locked};
  if (!medium) return drive;
  const {file, readOnly, driver, encrypted} = medium;
  return {...drive, inserted: {file, ro: readOnly, drv: driver, encrypted}};
}

function vncValue(answer: string): QmpValue | undefined {
  return definedAs(parseInfoVnc(answer), vnc =>
    vnc.is === 'off' ? {enabled: false} : {enabled: true, host: vnc.address, ...(vnc.auth ? {auth: vnc.auth} : {})},
  );
}

function definedAs<T>(value: T | undefined, make: (value: T) => QmpValue): QmpValue | undefined {
  return value === undefined ? undefined : make(value);
}

function text(args: QmpObject, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw new Error(`a monitor command without its ${name}`);
  return value;
}
