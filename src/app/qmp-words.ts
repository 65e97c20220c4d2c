import {jsonObjects} from '../base/json-object.ts';
import type {WordOffers} from './hmp-words.ts';

/** The commands of an emulator's QMP monitor, with the names of their arguments. */
export type QmpWords = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the commands out of the answer to `query-qmp-schema`. The arguments of all variants count.
 *
 * @param schema  the list, decoded; what is not understood in it is left out
 * @see QEMU 7.2, qapi/introspect.json
 */
export function parseQmpSchema(schema: unknown): QmpWords {
  const entries = jsonObjects(schema);
  const types = new Map(entries.map(entry => [entry.name, entry]));
  const membersOf = (name: unknown): readonly string[] => {
    const type = types.get(name);
    const own = jsonObjects(type?.members).flatMap(member => (typeof member.name === 'string' ? [member.name] : []));
    return [...own, ...jsonObjects(type?.variants).flatMap(variant => membersOf(variant.type))];
  };
  const commands = entries.filter(entry => entry['meta-type'] === 'command');
  return new Map(commands.map(entry => [String(entry.name), [...new Set(membersOf(entry['arg-type']))].toSorted()]));
}

/** Reads the answer to `query-commands`, which every QMP monitor knows: commands without their arguments. */
export function parseQmpCommands(list: unknown): QmpWords {
  return new Map(jsonObjects(list).flatMap(({name}) => (typeof name === 'string' ? [[name, []] as const] : [])));
}

/** What the end of a line of QMP can be: the begin of a command, its name, or the name of an argument that is not there yet. */
export function completeQmp(line: string, words: QmpWords): WordOffers {
  const name = /"execute"\s*:\s*"([^"]*)$/.exec(line)?.[1];
  if (name !== undefined) return offer(line, name, [...words.keys()], '"');
  const call = /"execute"\s*:\s*"([^"]+)".*?"arguments"\s*:\s*\{(.*)$/s.exec(line);
  const [, command = '', given = ''] = call ?? [];
  const argument = /(?:^|,)\s*"([^"]*)$/.exec(given)?.[1];
  if (argument !== undefined && isTopLevel(given)) {
    const left = (words.get(command) ?? []).filter(word => !given.includes(`"${word}"`));
    return offer(line, argument, left, '":');
  }
  const begin = line.trimStart();
  if ('{"execute":"'.startsWith(begin)) return offer(line, begin, ['{"execute":"'], '');
  return {head: line, offers: [], suffix: ''};
}

/** Whether the text after the brace of an object is not within an object or a list in it. */
function isTopLevel(text: string): boolean {
  const brackets = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/[{}[\]]/g) ?? [];
  return brackets.reduce((depth, bracket) => depth + (bracket === '{' || bracket === '[' ? 1 : -1), 0) === 0;
}

function offer(line: string, start: string, names: readonly string[], suffix: string): WordOffers {
  const head = line.slice(0, line.length - start.length);
  return {head, offers: names.filter(name => name.startsWith(start)).toSorted(), suffix};
}
