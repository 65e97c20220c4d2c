import {isX86} from '../../model/arch.ts';
import type {ClockDef} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/** `-rtc`: what the guest's clock shows when it starts and how it goes on; then the other timers that are no part of `-cpu`. */
export function buildClockArgs(input: ArgvInput): QemuArg[] {
  const rtc = (input.def.clock.timers ?? []).find(({name}) => name === 'rtc');
  const driftfix = rtc?.tickpolicy === 'catchup' ? 'slew' : undefined;
  const options = {base: clockBase(input), clock: rtc?.track && trackOf(rtc.track, input), driftfix};
  return [optionsArg('-rtc', options), ...pitArgs(input)];
}

/** What the clock follows while it runs. */
function trackOf(track: 'boot' | 'guest' | 'wall' | 'realtime', input: ArgvInput): string {
  switch (track) {
    case 'guest':
      return 'vm';
    case 'wall':
      return 'host';
    case 'realtime':
      return 'rt';
    case 'boot':
      throw notYetSupported("<timer name='rtc' track='boot'>", input);
  }
}

/** What the interval timer of KVM does with ticks that it missed. */
function pitArgs({def}: ArgvInput): QemuArg[] {
  const pit = (def.clock.timers ?? []).find(({name}) => name === 'pit');
  const policy = pit?.tickpolicy;
  if (!isX86(def.os.arch) || (policy !== 'delay' && policy !== 'discard')) return [];
  return [textArg('-global', `kvm-pit.lost_tick_policy=${policy}`)];
}

/** 9999-12-31T23:59:59, the last that has four digits. */
const LAST_SECOND = 253_402_300_799n;

/**
 * A date without a zone is UTC; fractions are refused. A zone of the guest's own is in the emulator's environment.
 *
 * @see QEMU 7.2, softmmu/rtc.c, configure_rtc_base_datetime
 */
function clockBase(input: ArgvInput): string {
  const {
    def: {clock},
    nowMs,
    host,
  } = input;
  const offsetMs = host?.utcOffsetMs ?? 0;
  switch (clock.offset) {
    case 'utc':
    case 'localtime':
      return typeof clock.adjustment === 'number'
        ? dateOf(nowMs + clock.adjustment * 1000 + (clock.offset === 'localtime' ? offsetMs : 0))
        : clock.offset;
    case 'variable': {
      const isLocal = clock.basis === 'localtime';
      if (clock.adjustmentSeconds === 0) return isLocal ? 'localtime' : 'utc';
      return dateOf(nowMs + clock.adjustmentSeconds * 1000 + (isLocal ? offsetMs : 0));
    }
    case 'absolute':
      if (clock.start > LAST_SECOND) throw notYetSupported('a clock that begins after the year 9999', input);
      return dateOf(Number(clock.start) * 1000);
    case 'timezone':
      return 'localtime';
  }
}

/** The zone in which the emulator's local time is the guest's; undefined when that is the host's. */
export function clockZone(clock: ClockDef): string | undefined {
  return clock.offset === 'timezone' ? clock.timezone : undefined;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, '');
}
