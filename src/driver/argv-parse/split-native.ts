import type {Problem} from '../../base/problem.ts';
import type {NativeCommand, NativeWord} from './native-word.ts';
import {unfitForXml} from './unfit-for-xml.ts';
import {WordReader} from './word-reader.ts';

/** More is no command line: the kernel takes 2 MiB at most. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Nor is this: the longest command lines of today have some hundred words. */
const MAX_WORDS = 8192;

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** The variable whose value libvirt writes with a blank and without quotes. Source: libvirt 4.5.0, tests/qemuargv2xmldata. */
const UNQUOTED_VARIABLE = 'CEPH_ARGS=-m';

export interface SplitNative {
  /** There exactly when no problem is an error. */
  readonly command?: NativeCommand;
  readonly problems: readonly Problem[];
}

/**
 * Splits the text of a file into environment, emulator and arguments.
 *
 * A backslash before a line end is deleted with it, also inside quotes. Words end at white space. A quote at the
 * beginning of a word, after `=` or after another quote goes to the next of its kind, and everything in it is taken as
 * it stands; outside of quotes a backslash stands for the quote, blank or line end after it, elsewhere for itself.
 * Lines that begin with `#` before all words are no part of it.
 *
 * @param text  one line, or lines continued with backslashes
 */
export function splitNative(text: string): SplitNative {
  if (text.length > MAX_CHARACTERS) return failed(0, 0, 'the text is longer than 4 MiB: that is no command line');
  const {words, problem} = new WordReader(text).readAll();
  return problem ? {problems: [problem]} : commandOfWords(words);
}

/** The same for words that are split already, as `/proc/PID/cmdline` has them. */
export function commandOfWords(words: readonly NativeWord[]): SplitNative {
  if (words.length > MAX_WORDS) return failed(0, 0, `there are more than ${MAX_WORDS} words: that is no command line`);
  for (const word of words) {
    const unfit = unfitForXml(word.text);
    if (unfit !== undefined) return failed(word.line, word.column, `${unfit}: this is no text of a command line`);
  }
  const joined = joinUnquoted(words);
  const start = joined.findIndex(({text}) => !ASSIGNMENT.test(text));
  const binary = joined[start];
  if (!binary) return failed(0, 0, 'the command line names no emulator: write its path before its options');
  if (/^(?:[-<{]|$)/.test(binary.text)) {
    return failed(binary.line, binary.column, `expected the path of the emulator, found '${shortened(binary.text)}'`);
  }
  return {command: {environment: joined.slice(0, start), binary, words: joined.slice(start + 1)}, problems: []};
}

function joinUnquoted(words: readonly NativeWord[]): readonly NativeWord[] {
  const at = words.findIndex(({text}) => text === UNQUOTED_VARIABLE);
  const [variable, value] = [words[at], words[at + 1]];
  const leading = words.slice(0, at).every(({text}) => ASSIGNMENT.test(text));
  if (!variable || !value || !leading) return words;
  return [...words.slice(0, at), {...variable, text: `${variable.text} ${value.text}`}, ...words.slice(at + 2)];
}

function failed(line: number, column: number, message: string): SplitNative {
  return {problems: [{severity: 'error', line, column, message}]};
}

/** Outside text as a message quotes it. */
export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
