import {VirtError} from '../../base/virt-error.ts';

/** What the `-help` text of an emulator says, so far as flags are read from it. */
export interface HelpText {
  /** Of QEMU, e.g. `0.10.5`. */
  readonly version: string;
  /** Whether it comes from the KVM project's tree. */
  readonly isKvm: boolean;
  /** The number of a KVM snapshot, e.g. 83 of `kvm-83`; undefined for a release. */
  readonly kvmSnapshot?: number;
  /** What the text says of each option, without its dash: everything up to the next one, once or more. */
  readonly options: ReadonlyMap<string, string>;
}

/** More is no help text. */
export const MAX_HELP_CHARS = 1024 * 1024;

const FIRST_LINE = /^QEMU (?:PC )?emulator version (\d+\.\d+(?:\.\d+)?)(?: \(([^)]*)\))?/m;

/** An option at the start of a line, with those that share its line: `-fda/-fdb file`, `-h or -help`. */
const OPTION_LINE = /^ ?-([A-Za-z][A-Za-z0-9-]*)((?:\/-[A-Za-z0-9-]+| or -[A-Za-z0-9-]+)*)/;

/** Whether a text begins as QEMU's help does. */
export function looksLikeHelp(text: string): boolean {
  return text.length <= MAX_HELP_CHARS && FIRST_LINE.test(text);
}

/**
 * Reads what an emulator printed when it was given `-help` (or `-h`, before 0.9).
 *
 * @throws {VirtError} INVALID_ARG when the text is no help of QEMU
 */
export function readHelpText(text: string): HelpText {
  const first = text.length > MAX_HELP_CHARS ? null : FIRST_LINE.exec(text);
  const version = first?.[1];
  if (version === undefined) {
    throw new VirtError('INVALID_ARG', 'QEMU', "the text is no -help of QEMU: no line begins 'QEMU emulator version'", {
      hint: "save what 'qemu -help' prints, with its first line",
    });
  }
  const build = first?.[2] ?? '';
  const snapshot = /^kvm-(\d+)/.exec(build)?.[1];
  return {
    version,
    isKvm: /^(qemu-)?kvm/.test(build),
    ...(snapshot === undefined ? {} : {kvmSnapshot: Number(snapshot)}),
    options: readOptions(text),
  };
}

function readOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  let current: readonly string[] = [];
  for (const line of text.split('\n')) {
    const found = OPTION_LINE.exec(line);
    if (found) current = [found[1] ?? '', ...(found[2] ?? '').split(/\/-| or -/).slice(1)];
    for (const name of current) options.set(name, `${options.get(name) ?? ''}${line}\n`);
  }
  return options;
}
