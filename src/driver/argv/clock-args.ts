import {isX86} from '../../model/arch.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/** `-rtc`: what the guest's clock shows when it starts and how it goes on; then the other timers that are no part of `-cpu`. */
export function buildClockArgs(input: ArgvInput): QemuArg[] {
  const rtc = (input.def.clock.timers ?? []).find(({name}) => name === 'rtc');
  const clock =
    rtc?.track === undefined ? undefined : rtc.track === 'guest' ? 'vm' : rtc.track === 'wall' ? 'host' : 'rt';
  const driftfix = rtc?.tickpolicy === 'catchup' ? 'slew' : undefined;
  return [optionsArg('-rtc', {base: clockBase(input), clock, driftfix}), ...pitArgs(input)];
}

/** What the interval timer of KVM does with ticks that it missed. */
function pitArgs({def}: ArgvInput): QemuArg[] {
  const pit = (def.clock.timers ?? []).find(({name}) => name === 'pit');
  const policy = pit?.tickpolicy;
  if (!isX86(def.os.arch) || (policy !== 'delay' && policy !== 'discard')) return [];
  return [textArg('-global', `kvm-pit.lost_tick_policy=${policy}`)];
}

function clockBase(input: ArgvInput): string {
  const {clock} = input.def;
  switch (clock.offset) {
    case 'utc':
    case 'localtime':
      return clock.offset;
    case 'variable':
      // A date without a zone is UTC; fractions are refused. Source: QEMU 7.2, softmmu/rtc.c, configure_rtc_base_datetime.
      if (clock.basis === 'localtime') throw notYetSupported("<clock offset='variable' basis='localtime'>", input);
      return clock.adjustmentSeconds === 0 ? 'utc' : dateOf(input.nowMs + clock.adjustmentSeconds * 1000);
    case 'absolute':
      return dateOf(Number(clock.start) * 1000);
    case 'timezone':
      throw notYetSupported(`<clock offset='${clock.offset}'>`, input);
  }
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
}
