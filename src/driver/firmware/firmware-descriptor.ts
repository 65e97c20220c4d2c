import {archOfTarget} from '../../model/emulator-arch.ts';
import {asArray, asString, isQmpObject, parseQmpJson, type QmpObject, type QmpValue} from '../../monitor/qmp-json.ts';

/** An image of firmware, or the template of its variables. */
export interface FirmwareFile {
  readonly path: string;
  /** e.g. `raw`, `qcow2`. */
  readonly format: string;
}

/** How a board gets the firmware. */
export type FirmwareMapping =
  /** `split`: code and variables are two files; `combined`: one that is written; `stateless`: there are no variables. */
  | {
      readonly device: 'flash';
      readonly mode: 'split' | 'combined' | 'stateless';
      readonly executable: FirmwareFile;
      readonly nvramTemplate?: FirmwareFile;
    }
  | {readonly device: 'kernel'; readonly path: string}
  | {readonly device: 'memory'; readonly path: string};

/** A board that a firmware is for. */
export interface FirmwareTarget {
  /** libvirt's name. */
  readonly arch: string;
  /** Patterns with `*` and `?` of whole names of boards, not of their aliases. */
  readonly machines: readonly string[];
}

/**
 * One firmware as its package describes it.
 *
 * @see QEMU 7.2, docs/interop/firmware.json
 */
export interface FirmwareDescriptor {
  /** Of the descriptor. */
  readonly path: string;
  /** e.g. `uefi`, `bios`. */
  readonly interfaces: readonly string[];
  readonly mapping: FirmwareMapping;
  readonly targets: readonly FirmwareTarget[];
  /** e.g. `secure-boot`, `enrolled-keys`, `requires-smm`, `acpi-s3`, `amd-sev`. */
  readonly features: ReadonlySet<string>;
}

/** A descriptor that cannot be used, and why. */
export interface UnusableDescriptor {
  readonly path: string;
  readonly why: string;
}

/** Reads a descriptor; what it has besides what is chosen by is passed over. */
export function decodeFirmwareDescriptor(path: string, text: string): FirmwareDescriptor | UnusableDescriptor {
  const json = parseJson(text);
  if (!json) return {path, why: 'it is no JSON object'};
  const mapping = decodeMapping(json.mapping);
  if (typeof mapping === 'string') return {path, why: mapping};
  return {
    path,
    interfaces: strings(json['interface-types']),
    mapping,
    targets: (asArray(json.targets) ?? []).filter(isQmpObject).map(({architecture, machines}) => ({
      arch: archOfTarget(asString(architecture) ?? ''),
      machines: strings(machines),
    })),
    features: new Set(strings(json.features)),
  };
}

function parseJson(text: string): QmpObject | undefined {
  try {
    const value = parseQmpJson(text);
    return isQmpObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @returns a sentence for one that is not understood */
function decodeMapping(value: QmpValue | undefined): FirmwareMapping | string {
  const mapping = isQmpObject(value) ? value : {};
  const device = asString(mapping.device);
  const filename = asString(mapping.filename);
  if ((device === 'kernel' || device === 'memory') && filename !== undefined) return {device, path: filename};
  if (device !== 'flash') return `its mapping is '${device ?? ''}', which is not known, or names no file`;
  const mode = asString(mapping.mode) ?? 'split';
  const executable = decodeFile(mapping.executable);
  const nvramTemplate = decodeFile(mapping['nvram-template']);
  if (mode !== 'split' && mode !== 'combined' && mode !== 'stateless')
    return `its flash is '${mode}', which is not known`;
  if (!executable) return 'its flash names no executable';
  if (mode === 'split' && !nvramTemplate) return 'its flash is split and names no template of the variables';
  return {device, mode, executable, ...(nvramTemplate ? {nvramTemplate} : {})};
}

function decodeFile(value: QmpValue | undefined): FirmwareFile | undefined {
  const path = isQmpObject(value) ? asString(value.filename) : undefined;
  const format = isQmpObject(value) ? asString(value.format) : undefined;
  return path === undefined ? undefined : {path, format: format ?? 'raw'};
}

function strings(value: QmpValue | undefined): readonly string[] {
  return (asArray(value) ?? []).flatMap(item => asString(item) ?? []);
}
