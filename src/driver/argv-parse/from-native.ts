import type {Problem} from '../../base/problem.ts';
import {isArchName} from '../../model/arch.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {archOfTarget, isXenner} from '../../model/emulator-arch.ts';
import {finishDraft, isKnownVariable} from './finish-draft.ts';
import {NativeDraft} from './native-draft.ts';
import type {NativeCommand, NativeWord} from './native-word.ts';
import {readOptions} from './read-options.ts';
import {reportRefused} from './refused-definition.ts';
import {usualMachine} from './settings/machine.ts';
import {commandOfWords, type SplitNative, shortened, splitNative} from './split-native.ts';

export interface FromNativeOptions {
  /** What relative paths are relative to, absolute; without it they are kept and warned about. */
  readonly directory?: string;
  /** The board of an architecture whose command line names none; without it the usual one. */
  readonly defaultMachine?: (arch: string) => string | undefined;
}

/** `def` is there exactly when no problem is an error. */
export interface FromNative {
  readonly def?: DomainDef;
  /** Errors, and a warning for each part that is kept as `qemu:commandline` or left out; in the order of the text. */
  readonly problems: readonly Problem[];
  /** What is left out because the driver or its configuration sees to it. */
  readonly notes: readonly Problem[];
}

/**
 * Turns a QEMU command line into a domain definition.
 *
 * @param text  environment, emulator and options: one line, or lines continued with backslashes
 * @see libvirt 4.5.0, `virsh domxml-from-native qemu-argv`, which later versions have not
 */
export function domainFromNative(text: string, options: FromNativeOptions = {}): FromNative {
  return fromSplit(splitNative(text), options);
}

/** The same for words that are already split, e.g. a running process's own. */
export function domainFromWords(words: readonly string[], options: FromNativeOptions = {}): FromNative {
  return fromSplit(commandOfWords(words.map(text => ({text, line: 0, column: 0}))), options);
}

function fromSplit({command, problems}: SplitNative, options: FromNativeOptions): FromNative {
  if (!command) return {problems, notes: []};
  const draft = draftOf(command, options);
  readOptions(command.words, draft);
  const def = draft.problems.hasErrors ? undefined : finishDraft(draft);
  if (def) reportRefused(def, draft);
  const finished = def && !draft.problems.hasErrors ? {def} : {};
  return {...finished, problems: draft.problems.sorted(), notes: draft.notes};
}

function draftOf({environment, binary}: NativeCommand, options: FromNativeOptions): NativeDraft {
  const arch = archOfBinary(binary.text);
  const draft = new NativeDraft(binary, {
    arch,
    machine: isXenner(binary.text) ? 'xenner' : (options.defaultMachine?.(arch) ?? usualMachine(arch)),
    environment: new Map(environment.map(variableOf)),
    directory: options.directory,
  });
  if (/kvm/.test(nameOf(binary.text))) {
    draft.type = 'kvm';
    draft.features.pae = draft.isX86;
  }
  if (isXenner(binary.text)) {
    draft.type = 'kvm';
    draft.os.type = 'xen';
  }
  if (!binary.text.includes('/')) {
    const message = `'${shortened(binary.text)}' has no path: the emulator for ${arch} is taken when the domain starts`;
    draft.notes.push({severity: 'warning', line: binary.line, column: binary.column, message});
  }
  for (const word of environment) {
    const [name] = variableOf(word);
    if (!isKnownVariable(name)) draft.warn(word, `the variable '${name}' is kept as <qemu:env>`);
  }
  return draft;
}

function variableOf({text}: NativeWord): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `qemu-system-NAME` says it; others are of the time when there was only the PC, or run on one. */
function archOfBinary(path: string): string {
  const target = /^qemu-system-([A-Za-z0-9_]+)/.exec(nameOf(path))?.[1];
  if (target === undefined) return /kvm|xenner/.test(nameOf(path)) ? 'x86_64' : 'i686';
  const arch = archOfTarget(target);
  return isArchName(arch) ? arch : 'i686';
}
