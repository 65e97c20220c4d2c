import {attr, child, list, required} from '../fields/element-fields.ts';
import type {AlwaysField} from '../fields/field.ts';
import {checkKind, type KindRules, ofKinds} from '../fields/kinds.ts';
import {record, type ValueOf} from '../fields/record.ts';
import {big, integer, oneOf, text, written, yesNo} from '../fields/scalar.ts';
import {type ElementReader, unknownValue} from '../xml/element-reader.ts';

const whole = integer();

const catchup = record({threshold: attr('threshold', whole), slew: attr('slew', whole), limit: attr('limit', whole)});

const TICKPOLICY = ['@tickpolicy', 'catchup'];

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, timer. */
const TIMER_KINDS: KindRules = {
  platform: {may: ['@track', ...TICKPOLICY]},
  rtc: {may: ['@track', ...TICKPOLICY]},
  tsc: {may: ['@frequency', '@mode', ...TICKPOLICY]},
  hpet: {may: TICKPOLICY},
  pit: {may: TICKPOLICY},
  armvtimer: {may: TICKPOLICY},
  kvmclock: {},
  hypervclock: {},
};

const TICK_KINDS: KindRules = {catchup: {may: ['catchup']}, delay: {}, merge: {}, discard: {}, none: {}};

const timerRecord = record({
  name: required(
    attr('name', oneOf('platform', 'pit', 'rtc', 'hpet', 'tsc', 'kvmclock', 'hypervclock', 'armvtimer')),
    "name='rtc' or the like",
  ),
  present: attr('present', yesNo),
  tickpolicy: attr('tickpolicy', oneOf('delay', 'catchup', 'merge', 'discard')),
  track: attr('track', oneOf('boot', 'guest', 'wall', 'realtime')),
  frequencyHz: attr('frequency', big),
  mode: attr('mode', oneOf('auto', 'native', 'emulate', 'paravirt', 'smpsafe')),
  catchup: child('catchup', catchup),
});

const timer = ofKinds(ofKinds(timerRecord, 'name', TIMER_KINDS), 'tickpolicy', TICK_KINDS, 'none');

export type TimerDef = ValueOf<typeof timer>;

/** What the guest's clock shows when it starts, and the timers that drive it. */
export type ClockDef = (
  | {readonly offset: 'utc' | 'localtime'; readonly adjustment?: 'reset' | number}
  /** Seconds from the basis. */
  | {readonly offset: 'variable'; readonly adjustmentSeconds: number; readonly basis?: 'localtime'}
  | {readonly offset: 'timezone'; readonly timezone: string}
  /** Seconds since 1970. */
  | {readonly offset: 'absolute'; readonly start: bigint}
) & {readonly timers?: readonly TimerDef[]};

const timersField = list('timer', timer);
const start = attr('start', big);
const timezone = attr('timezone', written(text, /^[A-Za-z0-9_.+/-]+$/, 'the name of a time zone'));

const INT_MAX = 2147483647;

/** `<clock>`: UTC when it is missing. Source: libvirt 9.0.0, docs/formatdomain, "Time keeping". */
export const clockField: AlwaysField<ClockDef> = {
  required: true,
  read: (reader, context) => {
    const clock = reader.child('clock');
    if (!clock) return {offset: 'utc'};
    checkForm(clock);
    const timers = timersField.read(clock, context);
    return {...readOffset(clock), ...(timers ? {timers} : {})};
  },
  write: (clock, into, context) => {
    const parts = {attributes: [...offsetAttributes(clock)], children: [] as typeof into.children, text: undefined};
    if (clock.timers) timersField.write(clock.timers, parts, context);
    into.children.push({name: 'clock', attributes: parts.attributes, content: parts.children});
  },
};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, clock. */
const OFFSET_KINDS: KindRules = {
  utc: {may: ['@adjustment']},
  localtime: {may: ['@adjustment']},
  timezone: {may: ['@timezone']},
  variable: {may: ['@adjustment', '@basis']},
  absolute: {must: ['@start']},
};

/** What the schema wants beyond the values: an offset, and nothing that belongs to another one. */
function checkForm(clock: ElementReader): void {
  if (clock.attribute('offset') === undefined) clock.schemaError("<clock> is not complete: offset='...' is missing");
  checkKind(clock, 'offset', OFFSET_KINDS);
}

/** `sync` is the attribute's name of before libvirt 0.7. */
function readOffset(clock: ElementReader): ClockDef {
  const attribute = clock.element.attributes.has('offset') || clock.isStrict ? 'offset' : 'sync';
  const offset = clock.choice(attribute, ['utc', 'localtime', 'variable', 'timezone', 'absolute']) ?? 'utc';
  switch (offset) {
    case 'variable':
      return readVariable(clock);
    case 'timezone':
      return {offset, timezone: timezone.read(clock, {live: false}) ?? missing(clock, 'timezone', 'UTC')};
    case 'absolute':
      return {offset, start: start.read(clock, {live: false}) ?? missing(clock, 'start', 0n)};
    default:
      return {offset, ...readAdjustment(clock)};
  }
}

function missing<T>(clock: ElementReader, attribute: string, placeholder: T): T {
  clock.error(`<clock> is not complete: ${attribute}='...' is missing`);
  return placeholder;
}

function readAdjustment(clock: ElementReader): {readonly adjustment?: 'reset' | number} {
  const word = clock.attribute('adjustment');
  if (word === undefined) return {};
  if (word === 'reset') return {adjustment: word};
  const seconds = clock.integer('adjustment', {min: -INT_MAX, max: INT_MAX});
  return seconds === undefined ? {} : {adjustment: seconds};
}

function readVariable(clock: ElementReader): ClockDef {
  const basis = clock.attribute('basis') ?? 'utc';
  if (basis !== 'utc' && basis !== 'localtime')
    clock.error(unknownValue('the basis of <clock>', basis, ['utc', 'localtime']), 'basis');
  const adjustmentSeconds = clock.integer('adjustment', {min: -INT_MAX, max: INT_MAX}) ?? 0;
  return {offset: 'variable', adjustmentSeconds, ...(basis === 'localtime' ? {basis} : {})};
}

function offsetAttributes(clock: ClockDef): readonly (readonly [string, string])[] {
  const offset = ['offset', clock.offset] as const;
  switch (clock.offset) {
    case 'variable':
      return [offset, ['adjustment', String(clock.adjustmentSeconds)], ['basis', clock.basis ?? 'utc']];
    case 'timezone':
      return [offset, ['timezone', clock.timezone]];
    case 'absolute':
      return [offset, ['start', String(clock.start)]];
    default:
      return clock.adjustment === undefined ? [offset] : [offset, ['adjustment', String(clock.adjustment)]];
  }
}
