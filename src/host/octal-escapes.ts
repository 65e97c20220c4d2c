/** Text in which the bytes of odd characters stand as `\040`, as the kernel and getfacl write paths. */
export function decodeOctalEscapes(text: string): string {
  return text.replace(/(?:\\[0-7]{3})+/g, run =>
    Buffer.from((run.match(/[0-7]{3}/g) ?? []).map(octal => Number.parseInt(octal, 8))).toString('utf8'),
  );
}
