import type {GuestChannels, MonitorChannel} from './guest-channels.ts';
import {type Reach, type Reached, reachOf, type SocketTable} from './reach.ts';

/** Whether a monitor can be used now, and what is spoken there. */
export type MonitorReach = Reach & {readonly protocol: MonitorChannel['protocol']};

/** What has to be known of a guest that others started. */
export interface ReachedGuest extends Reached {
  readonly channels: GuestChannels;
}

/** The monitor of a guest that others started: the first that is free, QMP before text; else why the first is not. */
export function monitorReach(found: ReachedGuest, sockets: SocketTable): MonitorReach {
  const {monitors} = found.channels;
  const ordered = [...withProtocol(monitors, 'qmp'), ...withProtocol(monitors, 'hmp')];
  const reaches = ordered.map(({protocol, at}): MonitorReach => {
    // A pty of a monitor is its maker's: what was typed there before may still stand at its prompt.
    if (at.is === 'pty')
      return {is: 'closed', why: 'its monitor is on a pty, which is left to who started it', protocol};
    return {...reachOf(found, at, 'its monitor', sockets), protocol};
  });
  const why = 'it was started without a monitor that could be attached to';
  return reaches.find(({is}) => is === 'free') ?? reaches[0] ?? {is: 'closed', why, protocol: 'qmp'};
}

function withProtocol(
  monitors: readonly MonitorChannel[],
  wanted: MonitorChannel['protocol'],
): readonly MonitorChannel[] {
  return monitors.filter(({protocol}) => protocol === wanted);
}

/** Its first serial line or console. */
export function firstLineReach(found: ReachedGuest, sockets: SocketTable): Reach {
  const [line] = found.channels.lines;
  return line ? reachOf(found, line.at, line.alias, sockets) : {is: 'closed', why: 'it has no serial line'};
}

/** As a list of abilities has it: the reason where there is none. */
export function abilityOf(reach: Reach): true | string {
  return reach.is === 'free' ? true : reach.why;
}
