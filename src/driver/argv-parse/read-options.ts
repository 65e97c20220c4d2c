import {addPort} from './chardevs/ports.ts';
import {addDevice} from './devices/device-options.ts';
import {addInputObject} from './devices/input-object.ts';
import {addPcSpeaker} from './devices/sound-device.ts';
import {readFlashNodes} from './disks/nodes.ts';
import {guarded} from './guarded.ts';
import type {NativeDraft, Pending} from './native-draft.ts';
import type {NativeArg, NativeWord} from './native-word.ts';
import {addNetdev, addVlanCard, readNet} from './nets/nets.ts';
import {type OptionRow, optionRow} from './option-table.ts';
import {readBoardObjects} from './settings/board-objects.ts';
import {readIothreads} from './settings/iothreads.ts';
import {readMemoryBackends} from './settings/memory-backend.ts';
import {readNuma} from './settings/numa.ts';
import {shortened} from './split-native.ts';

/** An option with what is done with it; without a row it is not known. */
interface FoundOption {
  readonly arg: NativeArg;
  readonly row: OptionRow | undefined;
}

/** The board decides where drives go, and screens name backends of sound, also where they stand before them. */
const FIRST: readonly string[] = ['-M', '-machine', '-audiodev'];

/** Reads the arguments into the draft: those, then every option in its order, then what names others. */
export function readOptions(words: readonly NativeWord[], draft: NativeDraft): void {
  const options = findOptions(words, draft);
  const isFirst = ({arg}: FoundOption) => FIRST.includes(arg.option);
  for (const option of options.filter(isFirst)) readOption(option, draft);
  for (const option of options.filter(each => !isFirst(each))) readOption(option, draft);
  readIothreads(draft);
  for (const arg of draft.netArgs)
    guarded(arg, draft, () => (arg.option === '-netdev' ? addNetdev : readNet)(arg, draft));
  for (const arg of draft.portArgs) guarded(arg, draft, () => addPort(arg, draft));
  for (const arg of draft.deviceArgs)
    guarded(arg, draft, () => (arg.option === '-object' ? addInputObject : addDevice)(arg, draft));
  if (draft.pcSpeaker) addPcSpeaker(draft.pcSpeaker, draft);
  const [flash] = draft.flashNodes;
  if (flash) guarded(flash.arg, draft, () => readFlashNodes(draft));
  readNuma(draft);
  readMemoryBackends(draft);
  readBoardObjects(draft);
  for (const card of draft.vlanCards) guarded(card.arg, draft, () => addVlanCard(card, draft));
  keepUnclaimed(draft);
}

function readOption({arg, row}: FoundOption, draft: NativeDraft): void {
  guarded(arg, draft, () => {
    if (row) row.read(arg, draft);
    else draft.keep(arg, 'the option is not known');
  });
}

function findOptions(words: readonly NativeWord[], draft: NativeDraft): readonly FoundOption[] {
  const options: FoundOption[] = [];
  for (let at = 0; at < words.length; at++) {
    const [word, next] = [words[at], words[at + 1]];
    if (!word) break;
    const option = optionOf(word, next, options.length, draft);
    if (option) options.push(option);
    if (option && option.arg.words.length > 1) at++;
  }
  return options;
}

/** The option that begins with a word; undefined where its value is missing, which is an error. */
function optionOf(
  word: NativeWord,
  next: NativeWord | undefined,
  index: number,
  draft: NativeDraft,
): FoundOption | undefined {
  const {line, column, text} = word;
  if (!text.startsWith('-') || text === '-') {
    // A word alone is the first hard disk. Source: QEMU 7.2, softmmu/vl.c, qemu_init.
    return {arg: {option: '-hda', value: text, words: [text], index, line, column}, row: optionRow('hda')};
  }
  const name = text.replace(/^--?/, '');
  const row = optionRow(name);
  const takes = row ? row.value : next !== undefined && !next.text.startsWith('-');
  if (takes && !next) {
    draft.error(word, `the option '${shortened(text)}' has no value`);
    return undefined;
  }
  const value = takes ? (next?.text ?? '') : '';
  return {arg: {option: `-${name}`, value, words: takes ? [text, value] : [text], index, line, column}, row};
}

/** Backends that no device of the XML has taken stay with the devices that are kept, too. */
function keepUnclaimed(draft: NativeDraft): void {
  const backends: readonly ReadonlyMap<string, Pending<unknown>>[] = [
    draft.drives,
    draft.nodes,
    draft.netdevs,
    draft.objects,
    draft.fsdevs,
    draft.tpmdevs,
    draft.chardevs,
  ];
  const monitors = draft.monitorChardevs;
  for (const map of backends) {
    for (const [id, {used, arg}] of map) {
      if (used || (map === draft.chardevs && monitors.has(id))) continue;
      if (map === draft.objects && draft.configuredObjects.has(id))
        draft.note(arg, 'qemu.conf says it for all domains');
      else draft.keep(arg);
    }
  }
  for (const {pending} of draft.vlanBackends) {
    if (!pending.used) draft.keep(pending.arg, 'there is no card with its vlan');
  }
}
