import type {ProcessIdentity} from '../../host/proc.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatDomain} from '../../model/format-domain.ts';
import {assignAliases} from '../../model/live-def.ts';
import {NO_UUID} from '../argv-parse/unnamed.ts';
import {withPtys} from '../live-consoles.ts';
import {type LiveConsole, type LiveStatus, STATUS_FORMAT} from '../live-status.ts';
import type {LineChannel} from './guest-channels.ts';
import {pathFromHere} from './reach.ts';

export interface ForeignStatusOptions {
  readonly process: ProcessIdentity;
  readonly name: string;
  readonly program: string;
  readonly startedAtMs: number;
  readonly lines: readonly LineChannel[];
  readonly ptys: readonly string[] | undefined;
  /** Absent for a command line with errors. */
  readonly def?: DomainDef;
}

/** Looked at, a guest that others started is a run like any other: this is the status of it, which is never written. */
export function foreignStatus(options: ForeignStatusOptions): LiveStatus {
  const {process, name, program, startedAtMs, def} = options;
  const consoles = consolesOf(options);
  return {
    format: STATUS_FORMAT,
    id: NO_ID,
    name,
    uuid: def?.uuid ?? NO_UUID,
    arch: def?.os.arch ?? '',
    vcpus: def?.vcpus ?? 0,
    memoryKiB: Number(def?.memoryKiB ?? 0n),
    emulator: {pid: process.pid, startTicks: process.startTicks},
    emulatorPath: program,
    startedAtMs,
    liveXml: def ? liveXmlOf(def, consoles, process.pid) : '',
    consoles,
    duties: [],
    shutdownAction: 'poweroff',
    rebootAction: 'reset',
    state: {is: 'running', reason: 'unknown'},
    logOffset: 0,
    rebootPending: false,
    ...(def?.title === undefined ? {} : {title: def.title}),
  };
}

/** Others' guests have no number of this instance. */
const NO_ID = -1;

/** The XML of the run, with the ptys that were found of it. */
export function liveXmlOf(def: DomainDef, consoles: readonly LiveConsole[], id: number): string {
  const ptys = new Map(consoles.flatMap(({alias, pty}) => (pty === undefined ? [] : [[`char${alias}`, pty] as const])));
  return formatDomain(withPtys(assignAliases(def), ptys), {id});
}

/** The lines that can be opened, with their paths as this process opens them. */
export function consolesOf({
  process,
  lines,
  ptys,
}: Pick<ForeignStatusOptions, 'process' | 'lines' | 'ptys'>): readonly LiveConsole[] {
  return lines.map(({alias, kind, at, log}) => {
    const pty = at.is === 'pty' ? ptys?.[at.at] : undefined;
    return {
      alias,
      kind,
      ...(pty === undefined ? {} : {pty}),
      ...(at.is === 'unix' ? {socket: pathFromHere(process.pid, at.path)} : {}),
      ...(log === undefined ? {} : {log: pathFromHere(process.pid, log)}),
    };
  });
}
