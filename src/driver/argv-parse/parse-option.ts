import {parseJsonOption} from './json-option.ts';
import {OptionBag, type OptionPair} from './option-bag.ts';

/**
 * Reads `first,key=value,flag,...` or, where it begins with a brace, a JSON object.
 * A doubled comma is a comma. Source: QEMU 7.2, util/qemu-option.c, get_opt_value, and util/keyval.c.
 *
 * @param implied  the key of a first word that has no `=`
 * @throws {OptionValueError} for JSON that is none
 */
export function parseOption(text: string, implied?: string): OptionBag {
  if (text.startsWith('{')) return new OptionBag(parseJsonOption(text));
  const pairs = splitCommas(text).flatMap((part, index): readonly OptionPair[] => {
    const equals = part.indexOf('=');
    if (equals >= 0) return [{key: part.slice(0, equals), value: part.slice(equals + 1), text: part}];
    if (index === 0 && implied !== undefined) return [{key: implied, value: part, text: part}];
    return part === '' ? [] : [{key: part, value: undefined, text: part}];
  });
  return new OptionBag(pairs);
}

/** The parts between single commas, with doubled ones made single. */
export function splitCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let from = 0;
  for (;;) {
    const comma = text.indexOf(',', from);
    part += comma < 0 ? text.slice(from) : text.slice(from, comma);
    if (comma < 0) return [...parts, part];
    if (text[comma + 1] === ',') {
      part += ',';
      from = comma + 2;
    } else {
      parts.push(part);
      part = '';
      from = comma + 1;
    }
  }
}
