import type {ClockDef} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bareArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {cannotGive} from './refuse.ts';

/** `-rtc base=`, or the flag of before for local time. A time zone is local time in an environment with that zone. */
export function buildLegacyClock(input: ArgvInput): QemuArg[] {
  const {clock} = input.def;
  if (input.caps.flags.has('rtc')) return [optionsArg('-rtc', {base: clockBase(clock, input)})];
  switch (clock.offset) {
    case 'utc':
      return [];
    case 'localtime':
    case 'timezone':
      return [bareArg('-localtime')];
    default:
      throw cannotGive(`clock of offset '${clock.offset}'`, 'this emulator has no -rtc', input);
  }
}

function clockBase(clock: ClockDef, input: ArgvInput): string {
  switch (clock.offset) {
    case 'utc':
      return 'utc';
    case 'localtime':
    case 'timezone':
      return 'localtime';
    case 'absolute':
      return isoSeconds(Number(clock.start) * 1000);
    case 'variable':
      if (clock.basis === 'localtime') throw cannotGive("clock with basis 'localtime'", 'its zone is not known', input);
      return isoSeconds(input.nowMs + clock.adjustmentSeconds * 1000);
  }
}

/** A date without a zone is UTC, and fractions are refused. Source: QEMU 0.12, vl.c, configure_rtc. */
function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
}
