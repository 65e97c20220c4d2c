import type {ConfValue} from './parse-conf.ts';

/** Reads the value of a setting. @returns what it is, or a sentence that says what it should be */
export type ConfKind<T> = (value: ConfValue) => {readonly read: T} | string;

/** A text. */
export const confText: ConfKind<string> = value => (value.is === 'text' ? {read: value.text} : 'a text in quotes');

/** A list of texts; one text alone is a list of it. */
export const confTexts: ConfKind<readonly string[]> = value => {
  if (value.is === 'text') return {read: [value.text]};
  const wanted = 'a list of texts in quotes';
  if (value.is !== 'list') return wanted;
  const texts = value.items.flatMap(item => (item.is === 'text' ? item.text : []));
  return texts.length === value.items.length ? {read: texts} : wanted;
};

/** Paths from the root of the file system. */
export const confAbsolutePaths: ConfKind<readonly string[]> = value => {
  const texts = confTexts(value);
  if (typeof texts === 'string') return texts;
  const paths = texts.read.map(path => path.replace(/(.)\/+$/, '$1'));
  return paths.every(path => path.startsWith('/')) ? {read: paths} : 'a list of paths that begin with /';
};

/** 0 or 1. */
export const confSwitch: ConfKind<boolean> = value =>
  value.is === 'number' && (value.number === 0n || value.number === 1n) ? {read: value.number === 1n} : '0 or 1';

/** A path from the root of the file system. */
export const confAbsolutePath: ConfKind<string> = value =>
  value.is === 'text' && value.text.startsWith('/') ? {read: value.text} : 'a path that begins with /, in quotes';

/** A list, or one text; an empty text is an empty list. */
export const confPathsOrNone: ConfKind<readonly string[]> = value =>
  value.is === 'text' && value.text === '' ? {read: []} : confAbsolutePaths(value);

/** A number in a range, both ends in it. */
export function confNumber(first: number, last: number): ConfKind<number> {
  return value =>
    value.is === 'number' && value.number >= BigInt(first) && value.number <= BigInt(last)
      ? {read: Number(value.number)}
      : `a number from ${first} to ${last}`;
}
