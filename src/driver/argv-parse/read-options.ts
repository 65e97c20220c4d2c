import {addPort} from './chardevs/ports.ts';
import {addDevice} from './devices/device-options.ts';
import {readHardDisk} from './disks/drives.ts';
import {readFlashNodes} from './disks/nodes.ts';
import type {NativeDraft, Pending} from './native-draft.ts';
import type {NativeArg, NativeWord} from './native-word.ts';
import {pairVlans} from './nets/nets.ts';
import {type OptionRow, optionRow} from './option-table.ts';
import {OptionValueError} from './parse-option.ts';
import {shortened} from './split-native.ts';

/** Reads the arguments into the draft: first every option in its order, then what names others. */
export function readOptions(words: readonly NativeWord[], draft: NativeDraft): void {
  for (let at = 0, index = 0; at < words.length; index++) at += readOption(words, at, index, draft);
  for (const arg of draft.portArgs) guarded(arg, draft, () => addPort(arg, draft));
  for (const arg of draft.deviceArgs) guarded(arg, draft, () => addDevice(arg, draft));
  const [flash] = draft.flashNodes;
  if (flash) guarded(flash.arg, draft, () => readFlashNodes(draft));
  pairVlans(draft);
  keepUnclaimed(draft);
}

/** @returns how many words the option has */
function readOption(words: readonly NativeWord[], at: number, index: number, draft: NativeDraft): number {
  const [word, next] = [words[at], words[at + 1]];
  if (!word) return 1;
  if (!word.text.startsWith('-') || word.text === '-') {
    const arg = {...word, option: '-hda', value: word.text, words: [word.text], index};
    guarded(arg, draft, () => readHardDisk(0)(arg, draft));
    return 1;
  }
  const name = word.text.replace(/^--?/, '');
  const row = optionRow(name);
  if (row?.value && !next) {
    draft.error(word, `the option '${word.text}' has no value`);
    return 1;
  }
  const takes = row ? row.value : next !== undefined && !next.text.startsWith('-');
  const value = takes ? (next?.text ?? '') : '';
  const arg = {
    option: `-${name}`,
    value,
    words: takes ? [word.text, value] : [word.text],
    index,
    line: word.line,
    column: word.column,
  };
  guarded(arg, draft, () => (row ? readRow(row, arg, draft) : draft.keep(arg, 'the option is not known')));
  return takes ? 2 : 1;
}

function readRow(row: OptionRow, arg: NativeArg, draft: NativeDraft): void {
  row.read(arg, draft);
}

/** A value that cannot be read is a problem at the place of its option. */
function guarded(arg: NativeArg, draft: NativeDraft, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof OptionValueError)) throw error;
    draft.error(arg, `'${shortened(arg.value)}' of ${arg.option}: ${error.message}`);
  }
}

/** Backends that no device of the XML has taken stay with the devices that are kept, too. */
function keepUnclaimed(draft: NativeDraft): void {
  const backends: readonly ReadonlyMap<string, Pending<unknown>>[] = [
    draft.drives,
    draft.nodes,
    draft.netdevs,
    draft.objects,
    draft.chardevs,
  ];
  const monitors = draft.monitorChardevs;
  for (const map of backends) {
    for (const [id, {used, arg}] of map) {
      if (!used && !(map === draft.chardevs && monitors.has(id))) draft.keep(arg);
    }
  }
  for (const {pending} of draft.vlanBackends) {
    if (!pending.used) draft.keep(pending.arg, 'there is no card with its vlan');
  }
}
