/** Control characters besides tab and line ends, and halves of characters. Source: XML 1.0, "Characters". */
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** Why XML has no way to write a text; undefined when it has. */
export function unfitForXml(text: string): string | undefined {
  const found = NOT_IN_XML.exec(text)?.[0];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `the character U+${code} cannot be in a domain XML`;
}
