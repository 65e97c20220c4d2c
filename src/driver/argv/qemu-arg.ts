/** A value of an option; booleans are written `on` and `off`. */
export type OptionValue = string | number | bigint | boolean;

/** A JSON value as QEMU takes it on its command line. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | {readonly [key: string]: JsonValue | undefined};

export type JsonObject = {readonly [key: string]: JsonValue | undefined};

/**
 * One option of an emulator's command line before it is text. Nothing in it is escaped:
 * `render.ts` is the only place that knows how a comma is written.
 */
export type QemuArg =
  /** A flag alone, e.g. `-S`. */
  | {readonly kind: 'bare'; readonly flag: string}
  /** A flag whose value QEMU takes as it stands, e.g. `-append TEXT`. */
  | {readonly kind: 'text'; readonly flag: string; readonly value: string}
  /** A flag with `key=value` pairs; the value of `implied` may be written without its key. */
  | {
      readonly kind: 'options';
      readonly flag: string;
      readonly implied?: ImpliedOption;
      readonly options: readonly (readonly [key: string, value: OptionValue])[];
    }
  /** A flag with one JSON object. */
  | {readonly kind: 'json'; readonly flag: string; readonly value: JsonObject};

/** The first word of an option, e.g. `pc` of `-machine pc,accel=tcg`, with the key that it stands for (`type`). */
export interface ImpliedOption {
  readonly key: string;
  readonly value: string;
}

/** Options by key; those that are undefined are left out. */
export type OptionRecord = {readonly [key: string]: OptionValue | undefined};

/** A flag without a value. */
export function bareArg(flag: string): QemuArg {
  return {kind: 'bare', flag};
}

/** A flag with a value that is not made of pairs. */
export function textArg(flag: string, value: string): QemuArg {
  return {kind: 'text', flag, value};
}

/** A flag with pairs, in the order of the record's keys. */
export function optionsArg(flag: string, options: OptionRecord, implied?: ImpliedOption): QemuArg {
  const pairs = Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return {kind: 'options', flag, ...(implied ? {implied} : {}), options: pairs};
}

/** A flag with a JSON object; keys that are undefined are left out. */
export function jsonArg(flag: string, value: JsonObject): QemuArg {
  return {kind: 'json', flag, value};
}

/** `-device DRIVER,...` */
export function deviceArg(driver: string, options: OptionRecord): QemuArg {
  return optionsArg('-device', options, {key: 'driver', value: driver});
}
