import type {DomainDef} from '../../model/domain-def.ts';
import type {DomainState} from '../../model/domain-state.ts';
import {parseOption} from '../argv-parse/parse-option.ts';
import {type LiveStatus, STATUS_FORMAT} from '../live-status.ts';
import {consolesOf, foreignStatus, liveXmlOf} from './foreign-status.ts';
import type {FoundGuest} from './found-guest.ts';

export interface AdoptedOptions {
  /** The number that the run gets. */
  readonly id: number;
  readonly state: DomainState;
  /** Where this run begins in the domain's log, bytes. */
  readonly logOffset: number;
  readonly protocol: 'qmp' | 'hmp';
}

/** The status of a run that was taken over, as one that this instance has started would have it. */
export function adoptedStatus(found: FoundGuest, def: DomainDef, {protocol, ...options}: AdoptedOptions): LiveStatus {
  const {process, channels, ptys, domain} = found;
  const {words} = process;
  const live = domain.parts.observed;
  const consoles = consolesOf({process, lines: channels.lines, ptys});
  return {
    ...foreignStatus({
      process,
      name: def.name,
      program: live?.emulatorPath ?? '',
      startedAtMs: live?.startedAtMs ?? 0,
      lines: channels.lines,
      ptys,
      def,
    }),
    format: STATUS_FORMAT,
    ...options,
    isAdopted: true,
    ...(protocol === 'hmp' ? {hasTextSocket: true} : {}),
    liveXml: liveXmlOf(def, consoles, options.id),
    consoles,
    shutdownAction: shutdownOf(words),
    rebootAction: rebootOf(words),
  };
}

/** What a run that was taken over lacks, a sentence each. */
export function lacksOf({consoles, hasTextSocket}: LiveStatus): readonly string[] {
  const unheard = consoles.filter(({log}) => log === undefined).map(({alias}) => alias);
  return [
    ...(unheard.length === 0
      ? []
      : [
          `${unheard.join(' and ')} has no log: what was printed before is not known, and later only what is watched is heard`,
        ]),
    'its confinement is as it was started: nothing was asked of the kernel, and nothing can be compared',
    'its monitor has room for this instance only: who started it cannot use it while virtty runs',
    hasTextSocket
      ? 'its monitor is a text monitor: it does not tell why a guest stops or ends'
      : 'how it ends is known from its last events only: its exit status goes to who started it',
  ];
}

function shutdownOf(words: readonly string[]): LiveStatus['shutdownAction'] {
  const isKept = hasOption(words, 'no-shutdown') || actionOf(words, 'shutdown') === 'pause';
  return isKept ? 'pause' : 'poweroff';
}

function rebootOf(words: readonly string[]): LiveStatus['rebootAction'] {
  const ends = hasOption(words, 'no-reboot') || actionOf(words, 'reboot') === 'shutdown';
  return ends ? 'shutdown' : 'reset';
}

function hasOption(words: readonly string[], name: string): boolean {
  return words.includes(`-${name}`) || words.includes(`--${name}`);
}

/** What `-action EVENT=...` says. Source: QEMU 7.2, qemu-options.hx, "-action". */
function actionOf(words: readonly string[], event: string): string | undefined {
  const values = words.filter((_word, at) => /^--?action$/.test(words[at - 1] ?? ''));
  return values.map(value => parseOption(value).take(event)).findLast(action => action !== undefined);
}
