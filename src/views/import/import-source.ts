/** What somebody typed or pasted to be imported. */
export type ImportSource =
  | {readonly is: 'process'; readonly pid: number}
  | {readonly is: 'text'; readonly text: string}
  /** `isCommandLine`: it can also be read as a command line, where there is no such file. */
  | {readonly is: 'file'; readonly path: string; readonly isCommandLine: boolean};

/** An option after white space, as every command line has one. */
const OPTION = /\s-{1,2}[A-Za-z]/;

/** Tells a process, a command line and a path apart; undefined when nothing was typed. */
export function readImportSource(typed: string): ImportSource | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (/^\d{1,10}$/.test(text)) return {is: 'process', pid: Number(text)};
  if (/[\r\n]/.test(text)) return {is: 'text', text: typed};
  return {is: 'file', path: text, isCommandLine: OPTION.test(text)};
}

/** True for a line that goes on: its last character is a backslash. */
export function isContinued(typed: string): boolean {
  return /\\[ \t]*$/.test(typed);
}

/** A name for a domain that its command line does not name. */
export function suggestedName(source: ImportSource): string {
  if (source.is === 'process') return `qemu-${source.pid}`;
  if (source.is === 'text') return 'imported';
  const file = source.path.slice(source.path.lastIndexOf('/') + 1);
  return file.replace(/\.[A-Za-z]{1,5}$/, '') || 'imported';
}

/** What it was read from, as a title names it. */
export function originOf(source: ImportSource): string {
  switch (source.is) {
    case 'process':
      return `process ${source.pid}`;
    case 'text':
      return 'the command line';
    case 'file':
      return source.path;
  }
}
