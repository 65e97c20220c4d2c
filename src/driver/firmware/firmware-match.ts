import type {DomainDef} from '../../model/domain-def.ts';
import type {FirmwareDescriptor, FirmwareTarget} from './firmware-descriptor.ts';

/** What a domain needs of its firmware. */
export interface FirmwareWish {
  readonly def: DomainDef;
  /** The board's own name; its alias is in no descriptor. */
  readonly machine: string;
}

const INTERFACES = {bios: 'bios', efi: 'uefi'} as const;

/** SEV with the registers hidden, too. Source: AMD SEV API 1.55, "Guest policy", ES. */
const SEV_ES_POLICY = 1 << 2;

/**
 * Why a firmware is not for a domain, as the end of a sentence; undefined for one that is.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_firmware.c, qemuFirmwareMatchDomain
 */
export function whyFirmwareMisses(firmware: FirmwareDescriptor, wish: FirmwareWish): string | undefined {
  const {def, machine} = wish;
  const {arch} = def.os;
  const kind = def.os.firmware && INTERFACES[def.os.firmware];
  if (kind !== undefined && !firmware.interfaces.includes(kind)) return `it is no ${kind} firmware`;
  if (!firmware.targets.some(target => isForBoard(target, arch, machine))) return `it is not for ${machine} of ${arch}`;
  return whyFeaturesMiss(firmware, def) ?? whyMappingMisses(firmware, def);
}

/** Whether a firmware is for a board. @param machine  its own name; an alias is in no descriptor */
export function isForBoard({arch, machines}: FirmwareTarget, wantedArch: string, machine: string): boolean {
  return arch === wantedArch && machines.some(pattern => matchesPattern(machine, pattern));
}

/** `*` stands for any text, `?` for one character. */
function matchesPattern(text: string, pattern: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(text);
}

function whyFeaturesMiss({features}: FirmwareDescriptor, def: DomainDef): string | undefined {
  const {pm, launchSecurity} = def;
  const {secure} = def.os.loader ?? def.os.loaderWish ?? {};
  if (pm?.suspendToMem && !features.has('acpi-s3')) return 'it does not let the guest suspend to memory';
  if (pm?.suspendToDisk && !features.has('acpi-s4')) return 'it does not let the guest suspend to disk';
  for (const {name, enabled} of def.os.firmwareFeatures ?? []) {
    if (enabled !== features.has(name)) return enabled ? `it has no ${name}` : `it has ${name}`;
  }
  if (secure === true && !features.has('requires-smm')) return 'its variables are not protected by SMM';
  if (secure === false && features.has('requires-smm')) return 'it needs SMM';
  if (def.features.smm?.state === false && features.has('requires-smm')) return 'it needs SMM, which is off';
  if (launchSecurity?.type !== 'sev') return undefined;
  if (!features.has('amd-sev')) return 'it cannot run in hidden memory (SEV)';
  const isEs = (launchSecurity.policy & SEV_ES_POLICY) !== 0;
  return isEs && !features.has('amd-sev-es') ? 'it cannot run with hidden registers (SEV-ES)' : undefined;
}

function whyMappingMisses({mapping}: FirmwareDescriptor, def: DomainDef): string | undefined {
  const {stateless, type} = {...def.os.loaderWish, ...def.os.loader};
  if (type === 'rom' && mapping.device !== 'memory') return 'it is no ROM';
  if (type === 'pflash' && mapping.device !== 'flash') return 'it is no flash image';
  if (mapping.device !== 'flash') return undefined;
  const mode = stateless ? 'stateless' : 'split';
  if (mapping.mode !== mode) return `its flash is ${mapping.mode}, not ${mode}`;
  const odd = [mapping.executable, mapping.nvramTemplate].find(file => file && file.format !== 'raw');
  return odd && `its image '${odd.path}' is ${odd.format}, not raw`;
}
