/** A fault inside a tag. */
export interface TagFault {
  /** From the `<` of the tag. */
  readonly offset: number;
  readonly message: string;
}

/** Names as domain XML has them, and any letter beyond ASCII. Source: XML 1.0, section 2.3, widened. */
const NAME = /[A-Za-z_:\u0080-\u{10ffff}][A-Za-z0-9_:.\u0080-\u{10ffff}-]*/uy;

/** Far more than any element of a domain XML has. */
export const MAX_ATTRIBUTES = 1_000;

const SPACE = /[ \t\r\n]*/y;

const VALUE = /[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')/y;

/**
 * Checks the name and the attributes of a start tag.
 *
 * @param tag  from `<` to `>`, with quotes that match
 */
export function checkTag(tag: string): TagFault | undefined {
  const end = tag.endsWith('/>') ? tag.length - 2 : tag.length - 1;
  const name = matchAt(NAME, tag, 1);
  if (name === undefined)
    return {offset: 0, message: "'<' does not begin a tag here: write &lt; for the character '<'"};
  const seen = new Set<string>();
  let at = 1 + name.length;
  while (at < end) {
    const space = matchAt(SPACE, tag, at) ?? '';
    const start = at + space.length;
    if (start >= end) return undefined;
    const attribute = matchAt(NAME, tag, start);
    if (attribute === undefined)
      return {offset: start, message: `'${tag[start]}' is not expected in the tag <${name}>`};
    if (space === '') return {offset: start, message: `a space is missing before the attribute '${attribute}'`};
    if (seen.has(attribute)) return {offset: start, message: `the attribute '${attribute}' is given twice`};
    seen.add(attribute);
    if (seen.size > MAX_ATTRIBUTES)
      return {offset: start, message: `<${name}> has more than ${MAX_ATTRIBUTES} attributes`};
    const value = matchAt(VALUE, tag, start + attribute.length);
    if (value === undefined) return {offset: start, message: `the attribute '${attribute}' has no value in quotes`};
    at = start + attribute.length + value.length;
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
