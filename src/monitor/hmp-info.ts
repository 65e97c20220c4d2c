/**
 * Readers of what a text monitor answers, for emulators of every age: QEMU 0.8.1 to 0.15, and today's where it differs.
 * Each gives undefined for an answer that is not one: commands that an emulator does not know are no errors there.
 *
 * @see QEMU 0.8.1 to 0.15, monitor.c (do_info), block.c (bdrv_info) and vnc.c (do_info_vnc)
 */

/** True for the list of what `info` knows, which is the answer to an `info` of something else. */
export function isInfoHelp(answer: string): boolean {
  const lines = linesOf(answer);
  return lines.length > 1 && lines.every(line => /^info \S.* -- /.test(line));
}

/** True when the monitor has no such command. */
export function isUnknownCommand(answer: string): boolean {
  return /^unknown command: '/m.test(answer);
}

/** `info version`: e.g. `0.10.0`. */
export function parseInfoVersion(answer: string): string | undefined {
  return /^(\d+\.\d+[^\s]*)/m.exec(answer)?.[1];
}

export interface HmpStatus {
  readonly running: boolean;
  /** What is in parentheses, e.g. `prelaunch` or `io-error`; absent up to 0.15. */
  readonly detail?: string;
}

/** `info status`, which exists from 0.10. */
export function parseInfoStatus(answer: string): HmpStatus | undefined {
  const [, word, detail] = /^VM status: (running|paused)(?: \(([^)]*)\))?/m.exec(answer) ?? [];
  if (word === undefined) return undefined;
  return {running: word === 'running', ...(detail === undefined ? {} : {detail})};
}

/** A drive as `info block` shows it. */
export interface HmpDrive {
  /** `hda`, `cdrom`, `fda` up to 0.9.0, then `ide0-hd0`, `ide1-cd0`, `floppy0`. */
  readonly device: string;
  readonly removable: boolean;
  /** The guest has locked the medium in. */
  readonly locked: boolean;
  /** Absent when it is empty. */
  readonly medium?: {
    readonly file: string;
    readonly readOnly: boolean;
    readonly driver: string;
    readonly encrypted: boolean;
  };
}

const DRIVE = /^(\S+): (?:type=\S+ )?removable=([01])(?: locked=([01]))?(?:.*? (?:\[not inserted\]|file=(.*)))?$/;
const MEDIUM = /^(.*?)(?: backing_file=.*)? ro=([01]) drv=(\S+)( encrypted(?:=[01])?)?\s*$/;

/** `info block`: all drives; undefined where no line is one. */
export function parseInfoBlock(answer: string): readonly HmpDrive[] | undefined {
  const lines = linesOf(answer);
  const drives = lines.flatMap((line, index) => {
    const old = DRIVE.exec(line);
    if (old) return [oldDrive(old)];
    const today = parseTodaysDrive(lines, index);
    return today ? [today] : [];
  });
  return drives.length === 0 ? undefined : drives;
}

function oldDrive([, device = '', removable, locked, rest]: RegExpExecArray): HmpDrive {
  const [, file, readOnly, driver, encrypted] = MEDIUM.exec(rest ?? '') ?? [];
  const drive = {device, removable: removable === '1', locked: locked === '1'};
  if (file === undefined || driver === undefined) return drive;
  return {
    ...drive,
    medium: {file, readOnly: readOnly === '1', driver, encrypted: encrypted !== undefined && !encrypted.endsWith('=0')},
  };
}

/** `ide1-cd0 (#block123): FILE (raw, read-only)` with indented lines after it. Source: QEMU 7.2, block/monitor/block-hmp-cmds.c. */
function parseTodaysDrive(lines: readonly string[], index: number): HmpDrive | undefined {
  const line = lines[index] ?? '';
  const [, device, rest] = /^([^\s:]+)(?: \([^)]*\))?: (.*)$/.exec(line) ?? [];
  if (device === undefined || rest === undefined) return undefined;
  const after = lines.slice(index + 1);
  const end = after.findIndex(other => !other.startsWith(' '));
  const details = end < 0 ? after : after.slice(0, end);
  const [, lock] = details.map(detail => /^ +Removable device: (not locked|locked)/.exec(detail)).find(Boolean) ?? [];
  const drive = {device, removable: lock !== undefined, locked: lock === 'locked'};
  if (rest === '[not inserted]') return drive;
  const [, file, driver, flags = ''] = /^(.*) \((\w+)((?:, [\w-]+)*)\)$/.exec(rest) ?? [];
  if (file === undefined || driver === undefined) return undefined;
  const medium = {file, driver, readOnly: flags.includes('read-only'), encrypted: flags.includes('encrypted')};
  return {...drive, medium};
}

/** `info chardev`, from 0.10: what is behind each character device, by its label. */
export function parseInfoChardev(answer: string): ReadonlyMap<string, string> | undefined {
  const entries = linesOf(answer).flatMap(line => {
    const [, label, filename] = /^([^:]+): filename=(.*)$/.exec(line) ?? [];
    return label === undefined || filename === undefined ? [] : [[label, filename] as const];
  });
  return entries.length === 0 ? undefined : new Map(entries);
}

export type HmpVnc =
  | {readonly is: 'off'}
  /** `address` as the monitor writes it: host and display up to 0.11, host and port from 0.12. */
  | {readonly is: 'on'; readonly address: string; readonly auth?: string; readonly hasClients: boolean};

/** `info vnc`, from 0.9.0. */
export function parseInfoVnc(answer: string): HmpVnc | undefined {
  if (/^(?:VNC server disabled|Server: disabled)/m.test(answer)) return {is: 'off'};
  const old = /^VNC server active on: (.*)$/m.exec(answer)?.[1];
  if (old !== undefined) return {is: 'on', address: old, hasClients: !/^No client connected/m.test(answer)};
  const address = /^Server:\n\s+address: (.*)$/m.exec(answer)?.[1];
  if (address === undefined) return undefined;
  const auth = /^\s+auth: (.*)$/m.exec(answer)?.[1];
  const hasClients = !/^Client: none/m.test(answer);
  return {is: 'on', address, hasClients, ...(auth === undefined ? {} : {auth})};
}

/** `info balloon`, from 0.10: the guest's memory in KiB; the monitor says it in MiB. */
export function parseInfoBalloon(answer: string): number | undefined {
  const actual = /^balloon: actual=(\d+)/m.exec(answer)?.[1];
  return actual === undefined ? undefined : Number(actual) * 1024;
}

/** `info migrate`, from 0.10: e.g. `active`, `completed`, `failed`, `cancelled`. */
export function parseInfoMigrate(answer: string): string | undefined {
  return /^Migration status: (\S+)/m.exec(answer)?.[1];
}

/** The commands that `help` lists, with their arguments and what they do. */
export interface HmpHelpLine {
  /** All names of the command, e.g. `c` and `cont`. */
  readonly names: readonly string[];
  readonly args: string;
  readonly help: string;
}

export function parseHelp(answer: string): readonly HmpHelpLine[] {
  return linesOf(answer).flatMap(line => {
    const [, names, args, help] = /^([\w|?]+) ?(.*?) ?-- (.*)$/.exec(line) ?? [];
    return names === undefined ? [] : [{names: names.split('|'), args: args ?? '', help: help ?? ''}];
  });
}

function linesOf(answer: string): readonly string[] {
  return answer.split(/\r?\n/).filter(line => line !== '');
}
