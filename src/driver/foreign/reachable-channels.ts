import type {FoundGuest} from './found-guest.ts';
import {type Reach, reachOf, type SocketTable} from './reach.ts';

const NO_MONITOR = 'it was started without a monitor that could be attached to';
const TEXT_ONLY = 'it has a text monitor (HMP) only, and this version attaches to QMP';

/** The QMP monitor of a guest that others started: the first that is free, else why the first is not. */
export function monitorReach(found: FoundGuest, sockets: SocketTable): Reach {
  const {monitors} = found.channels;
  const reaches = monitors
    .filter(({protocol, at}) => protocol === 'qmp' && at.is !== 'pty')
    .map(({at}) => reachOf(found, at, 'its monitor', sockets));
  const best = reaches.find(({is}) => is === 'free') ?? reaches[0];
  return best ?? {is: 'closed', why: monitors.some(({protocol}) => protocol === 'hmp') ? TEXT_ONLY : NO_MONITOR};
}

/** Its first serial line or console. */
export function firstLineReach(found: FoundGuest, sockets: SocketTable): Reach {
  const [line] = found.channels.lines;
  return line ? reachOf(found, line.at, line.alias, sockets) : {is: 'closed', why: 'it has no serial line'};
}

/** As a list of abilities has it: the reason where there is none. */
export function abilityOf(reach: Reach): true | string {
  return reach.is === 'free' ? true : reach.why;
}
