type Flat<T> = {[K in keyof T]: T[K]};

type MayMiss<T> = {[K in keyof T]: undefined extends T[K] ? K : never}[keyof T];

/** A record whose properties that may be undefined may be missing instead. */
export type OmitUndefined<T> = Flat<
  {readonly [K in Exclude<keyof T, MayMiss<T>>]: T[K]} & {readonly [K in MayMiss<T>]?: Exclude<T[K], undefined>}
>;

/** The record without the properties that are undefined: a definition says nothing by leaving out. */
export function omitUndefined<const T extends object>(record: T): OmitUndefined<T> {
  // The decoder: exactly the properties that the type allows to be missing are taken away.
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as OmitUndefined<T>;
}
