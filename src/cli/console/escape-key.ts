import {UsageError} from '../usage-error.ts';

/** The key that leaves a console: one byte of the input. */
export interface EscapeKey {
  readonly byte: number;
  /** As the person is told it, e.g. `^] (Ctrl + ])`. */
  readonly label: string;
  /** As keys are named, e.g. `Ctrl-]`. */
  readonly name: string;
}

/** Ctrl-], as virsh and telnet have it. */
export const DEFAULT_ESCAPE: EscapeKey = {byte: 0x1d, label: '^] (Ctrl + ])', name: 'Ctrl-]'};

/**
 * Reads an escape key: `^X` for Ctrl and a key from `@` to `_` (letters in either case), or one ASCII character.
 * Source: virsh of libvirt 9.0.0, manual page, "--escape".
 *
 * @throws {UsageError} for anything else
 */
export function parseEscapeKey(text: string): EscapeKey {
  if (/^\^[@-_a-z]$/.test(text)) {
    const key = text.slice(1).toUpperCase();
    return {byte: key.charCodeAt(0) - 0x40, label: `^${key} (Ctrl + ${key})`, name: `Ctrl-${key}`};
  }
  if (/^[\x21-\x7e]$/.test(text)) return {byte: text.charCodeAt(0), label: text, name: text};
  throw new UsageError(`option --escape: '${text}' is no key`, 'write ^X for Ctrl-X, or one character');
}
