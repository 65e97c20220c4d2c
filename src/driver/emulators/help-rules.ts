import type {HelpAnswers} from './help-text.ts';

/** How a flag is found in what an emulator of before QMP printed. */
export type HelpRule = (answers: HelpAnswers) => boolean;

/** The text tells of this option. */
export function helpOption(name: string): HelpRule {
  return ({options}) => options.has(name);
}

/** What the text says of an option, up to the next one, has this in it. */
export function says(name: string, pattern: RegExp): HelpRule {
  return ({options}) => pattern.test(options.get(name) ?? '');
}

/**
 * For what came with a release and no text tells of.
 *
 * @param first  the first release that has it
 * @param firstSnapshot  the first snapshot of KVM that has it, of those before they were numbered like QEMU
 */
export function since(first: string, firstSnapshot = Number.POSITIVE_INFINITY): HelpRule {
  return ({version, kvmSnapshot}) => compareVersions(version, first) >= 0 || (kvmSnapshot ?? 0) >= firstSnapshot;
}

/** Both of them. */
export function both(one: HelpRule, other: HelpRule): HelpRule {
  return answers => one(answers) && other(answers);
}

/** One of them at least. */
export function either(one: HelpRule, other: HelpRule): HelpRule {
  return answers => one(answers) || other(answers);
}

/** Devices that an emulator of before QMP is asked about one by one: those whose properties are in the table of flags. */
export const ASKED_DEVICES = [
  'ide-drive',
  'pci-assign',
  'PIIX4_PM',
  'scsi-disk',
  'scsi-generic',
  'usb-host',
  'usb-redir',
  'usb-storage',
  'virtio-blk-pci',
  'virtio-net-pci',
] as const;

/** `-device NAME,?` told of a property. */
export function deviceProperty(device: (typeof ASKED_DEVICES)[number], property: string): HelpRule {
  return ({deviceProperties}) => deviceProperties.get(device)?.has(property) ?? false;
}

/** Negative when the first is older. A part that is left out is 0. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map(version => version.split('.').map(Number));
  const differences = [0, 1, 2].map(part => (one?.[part] ?? 0) - (other?.[part] ?? 0));
  return differences.find(difference => difference !== 0) ?? 0;
}
