/**
 * Asks the terminal to take a text into its clipboard. The text must be sanitised: base64 keeps it from being taken for
 * anything else, and what is pasted later should hold no surprises.
 *
 * @see xterm, ctlseqs, OSC 52; terminals may refuse it, tmux needs `set -g set-clipboard on`
 */
export function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`;
}
