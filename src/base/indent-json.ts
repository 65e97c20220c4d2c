/** Lays JSON out over several lines without reading its numbers: everything between the structure stays as it is. */
export function indentJson(json: string): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let out = '';
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      depth++;
      out += empty ? token : `${token}${lineBreak(depth)}`;
    } else if (token === '}' || token === ']') {
      depth--;
      const before = tokens[index - 1];
      out += before === '{' || before === '[' ? token : `${lineBreak(depth)}${token}`;
    } else if (token === ',') out += `,${lineBreak(depth)}`;
    else out += token === ':' ? ': ' : token;
  }
  return out;
}

function lineBreak(depth: number): string {
  return `\n${'  '.repeat(depth)}`;
}
