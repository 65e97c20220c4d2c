const TARGET = /^(?:fd|hd|sd|vd|xvd)([a-z]+)$/;
const LETTERS = 26;

/**
 * The position that a target name stands for: 0 for `hda`, 27 for `vdab`.
 *
 * @throws {Error} for what is no target: the XML has been checked before
 */
export function diskPosition(dev: string): number {
  const letters = TARGET.exec(dev)?.[1];
  if (letters === undefined) throw new Error(`'${dev}' is no disk target`);
  return [...letters].reduce((index, letter) => index * LETTERS + letter.charCodeAt(0) - 96, 0) - 1;
}
