import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/** `-rtc base=`: what the guest's clock shows when it starts. */
export function buildClockArgs(input: ArgvInput): QemuArg[] {
  return [optionsArg('-rtc', {base: clockBase(input)})];
}

function clockBase(input: ArgvInput): string {
  const {clock} = input.def;
  switch (clock.offset) {
    case 'utc':
    case 'localtime':
      return clock.offset;
    case 'variable':
      // A date without a zone is UTC; fractions are refused. Source: QEMU 7.2, softmmu/rtc.c, configure_rtc_base_datetime.
      return clock.adjustmentSeconds === 0
        ? 'utc'
        : new Date(input.nowMs + clock.adjustmentSeconds * 1000).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
    default:
      throw notYetSupported(`<clock offset='${clock.offset}'>`, input);
  }
}
