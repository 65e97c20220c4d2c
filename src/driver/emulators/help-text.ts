import {VirtError} from '../../base/virt-error.ts';

/** What the `-help` text of an emulator says, so far as flags are read from it. */
export interface HelpText {
  /** Of QEMU, e.g. `0.10.5`. */
  readonly version: string;
  /** Whether it comes from the KVM project's tree. */
  readonly isKvm: boolean;
  /** The number of a KVM snapshot, e.g. 83 of `kvm-83`; undefined for a release. */
  readonly kvmSnapshot?: number;
  /** Whether it says that it is meant for libvirt only: a vendor's, with abilities of later releases. */
  readonly forLibvirt: boolean;
  /** What the text says of each option, without its dash: everything up to the next one, once or more. */
  readonly options: ReadonlyMap<string, string>;
}

/** What an emulator prints for `-device ?` and for `-device NAME,?`. */
export interface DeviceText {
  /** Device types that it can create. */
  readonly devices: ReadonlySet<string>;
  /** Properties of those that were asked for. */
  readonly deviceProperties: ReadonlyMap<string, ReadonlySet<string>>;
}

/** All that an emulator of before QMP tells of itself. */
export type HelpAnswers = HelpText & DeviceText;

/** More is no help text. */
export const MAX_HELP_CHARS = 1024 * 1024;

/** `QEMU PC emulator version 0.9.1 (kvm-83), ...`; a release candidate may have its name at the number. */
const FIRST_LINE = /^QEMU (?:PC )?emulator version (\d+\.\d+(?:\.\d+)?)[^\s(,]*(?:[ \t]*\(([^)\n]*)\))?/m;

/** An option at the start of a line, with those that share its line: `-fda/-fdb file`, `-h or -help`. */
const OPTION_LINE = /^ ?-([A-Za-z][A-Za-z0-9-]*)((?:\/-[A-Za-z0-9-]+| or -[A-Za-z0-9-]+)*)/;

const DEVICE_LINE = /^name "([^"]+)"/gm;
const PROPERTY_LINE = /^([A-Za-z0-9_,.-]+)\.([A-Za-z0-9_-]+)=/gm;

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
    isKvm: /^(qemu-)?kvm-/.test(build),
    ...(snapshot === undefined ? {} : {kvmSnapshot: Number(snapshot)}),
    forLibvirt: /\bvia libvirt\b/.test(text),
    options: readOptions(text),
  };
}

/**
 * Whether the emulator that printed this help answers QMP without a machine, as those of QEMU 1.2 and later do:
 * they are the first with this option. @throws {VirtError} as {@link readHelpText}
 */
export function answersQmp(text: string): boolean {
  return readHelpText(text).options.has('sandbox');
}

/** Reads what an emulator printed for `-device ?`, with the properties of devices that were asked for too. Any text can be read. */
export function readDeviceText(text: string): DeviceText {
  const deviceProperties = new Map<string, Set<string>>();
  for (const [, device = '', property = ''] of text.matchAll(PROPERTY_LINE)) {
    deviceProperties.set(device, (deviceProperties.get(device) ?? new Set()).add(property));
  }
  return {devices: new Set([...text.matchAll(DEVICE_LINE)].map(([, name = '']) => name)), deviceProperties};
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
