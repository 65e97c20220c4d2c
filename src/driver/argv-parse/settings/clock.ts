import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** `-localtime`. */
export function readLocaltime(_arg: NativeArg, draft: NativeDraft): void {
  draft.clock = {offset: 'localtime'};
}

/** `-rtc base=,clock=,driftfix=`. */
export function readRtc(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const base = bag.take('base');
  if (base === 'utc' || base === 'localtime') draft.clock = {offset: base};
  else if (base !== undefined) readDate(arg, base, draft);
  const track = bag.takeWord('clock', ['vm', 'rt', 'host']);
  const drift = bag.takeWord('driftfix', ['slew', 'none']);
  const tracks = {vm: 'guest', rt: 'realtime', host: undefined} as const;
  const tracked = track === undefined ? undefined : tracks[track];
  if (tracked !== undefined || drift === 'slew') {
    draft.timers.push({
      name: 'rtc',
      ...(drift === 'slew' ? {tickpolicy: 'catchup' as const} : {}),
      ...(tracked === undefined ? {} : {track: tracked}),
    });
  }
  draft.keepRest(arg, bag);
}

/** A date is UTC. Source: QEMU 7.2, softmmu/rtc.c, configure_rtc_base_datetime. */
function readDate(arg: NativeArg, text: string, draft: NativeDraft): void {
  const ms = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?$/.test(text)
    ? Date.parse(text.includes('T') ? `${text}Z` : text)
    : Number.NaN;
  if (ms >= 0) draft.clock = {offset: 'absolute', start: BigInt(ms / 1000)};
  else draft.error(arg, `'${text}' of ${arg.option} is neither utc, localtime nor a date`);
}

/** `-startdate`, which `-rtc base=` has replaced. */
export function readStartdate(arg: NativeArg, draft: NativeDraft): void {
  if (arg.value === 'now') draft.clock = {offset: 'utc'};
  else readDate(arg, arg.value, draft);
}

/** `-no-hpet`. */
export function readNoHpet(_arg: NativeArg, draft: NativeDraft): void {
  draft.timers.push({name: 'hpet', present: false});
}

/** `-no-kvm-pit-reinjection`. */
export function readNoPitReinjection(_arg: NativeArg, draft: NativeDraft): void {
  draft.timers.push({name: 'pit', tickpolicy: 'discard'});
}

/** `-rtc-td-hack`. */
export function readRtcHack(_arg: NativeArg, draft: NativeDraft): void {
  draft.timers.push({name: 'rtc', tickpolicy: 'catchup'});
}
