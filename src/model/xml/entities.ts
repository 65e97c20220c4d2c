/** The entities that every XML text may use; there are no others here, because no DOCTYPE is read. */
const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

const REFERENCE = /&(?:#(\d{1,8})|#x([0-9A-Fa-f]{1,7})|([A-Za-z]{2,4}));/g;

/** A character that no XML 1.0 text may contain. Source: XML 1.0, section 2.2. */
export const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** What is wrong with the reference that begins at the `&` at `offset`; undefined for a good one. */
export function checkReference(text: string, offset: number): string | undefined {
  const match = /^&([^;\s<&'"]{0,40})(;?)/.exec(text.slice(offset, offset + 42));
  const [whole = '&', name = '', end = ''] = match ?? [];
  if (name === '' || end === '') return `'${whole}' is not a reference: write &amp; for the character '&'`;
  if (decodeReference(whole) !== undefined) return undefined;
  if (name.startsWith('#')) return `'${whole}' is not a character that XML allows`;
  return `unknown entity '${whole}': only &amp; &lt; &gt; &quot; &apos; and numbers (&#10;) are read`;
}

/** Replaces the five entities and the numeric references of a text that `checkReference` found good. */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, reference => decodeReference(reference) ?? reference) : text;
}

function decodeReference(reference: string): string | undefined {
  REFERENCE.lastIndex = 0;
  const match = REFERENCE.exec(reference);
  REFERENCE.lastIndex = 0;
  if (match?.[0] !== reference) return undefined;
  const [, decimal, hex, name] = match;
  if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return FORBIDDEN_CHARACTER.test(character) ? undefined : character;
}
