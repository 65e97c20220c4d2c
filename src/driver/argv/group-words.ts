import {bareArg, type QemuArg, textArg} from './qemu-arg.ts';

/**
 * The words of a process grouped as a person reads them: an option and its value. QEMU's options begin with a dash and
 * take at most one word; a word that fits nowhere stands alone.
 */
export function groupWords(words: readonly string[]): readonly QemuArg[] {
  const args: QemuArg[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const value = words[at + 1];
    if (!word.startsWith('-') || value === undefined || value.startsWith('-')) args.push(bareArg(word));
    else {
      args.push(textArg(word, value));
      at++;
    }
  }
  return args;
}
