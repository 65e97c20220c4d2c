import {VirtError} from '../../base/virt-error.ts';
import type {DomainDef, OsDef} from '../../model/domain-def.ts';
import {fileNameOf} from '../../model/domain-path.ts';
import type {FirmwareDescriptor, UnusableDescriptor} from './firmware-descriptor.ts';
import {whyFirmwareMisses} from './firmware-match.ts';

/** What firmware this host has; the best first. */
export interface FirmwareCatalogue {
  readonly descriptors: readonly FirmwareDescriptor[];
  readonly unusable: readonly UnusableDescriptor[];
  /** The folders that were looked into. */
  readonly searched: readonly string[];
}

export interface FirmwareContext {
  readonly catalogue: FirmwareCatalogue;
  /** The board's own name, e.g. `pc-q35-7.2`. */
  readonly machine: string;
  /** Where domains have their variables, absolute. */
  readonly nvramDir: string;
}

/**
 * Code and variables that belong together, of packages that describe nothing.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_conf.c, the default of `nvram` in qemu.conf
 */
const KNOWN_TEMPLATES: Readonly<Record<string, string>> = {
  '/usr/share/OVMF/OVMF_CODE.fd': '/usr/share/OVMF/OVMF_VARS.fd',
  '/usr/share/OVMF/OVMF_CODE.secboot.fd': '/usr/share/OVMF/OVMF_VARS.fd',
  '/usr/share/AAVMF/AAVMF_CODE.fd': '/usr/share/AAVMF/AAVMF_VARS.fd',
  '/usr/share/AAVMF/AAVMF32_CODE.fd': '/usr/share/AAVMF/AAVMF_VARS.fd',
};

/**
 * Whether a definition leaves something of its firmware to the driver: which one, or where its variables are and what
 * they are at first.
 */
export function leavesFirmwareOpen({os}: DomainDef): boolean {
  return os.firmware !== undefined || keepsVariables(os);
}

/** Flash that is read only has its variables elsewhere, unless it has none. */
function keepsVariables({loader}: OsDef): boolean {
  return loader?.type === 'pflash' && loader.readonly && !loader.stateless;
}

/**
 * The definition with the firmware chosen and the file of its variables named, with the template that it is made of.
 *
 * @throws {VirtError} OPERATION_FAILED naming every firmware of the host and why it is not the one
 * @see libvirt 9.0.0, src/qemu/qemu_firmware.c, qemuFirmwareFillDomain
 */
export function resolveFirmware(def: DomainDef, context: FirmwareContext): DomainDef {
  if (def.os.firmware !== undefined && !def.os.loader) return chosen(def, context);
  return keepsVariables(def.os) ? withVariables(def, templateOf(def, context), context) : def;
}

function chosen(def: DomainDef, context: FirmwareContext): DomainDef {
  const {descriptors} = context.catalogue;
  const wish = {def, machine: context.machine};
  const firmware = descriptors.find(candidate => whyFirmwareMisses(candidate, wish) === undefined);
  if (!firmware) throw noneFits(def, context);
  const {mapping, features} = firmware;
  const {firmware: _, firmwareFeatures: __, loaderWish, ...rest} = def.os;
  const needsSmm = features.has('requires-smm');
  const made = needsSmm ? {...def, features: {...def.features, smm: {...def.features.smm, state: true}}} : def;
  switch (mapping.device) {
    case 'kernel':
      return {...made, os: {...rest, kernel: mapping.path}};
    case 'memory':
      return {...made, os: {...rest, loader: {path: mapping.path, type: 'rom', readonly: false}}};
    case 'flash': {
      const {path} = mapping.executable;
      const more = {...(needsSmm ? {secure: true} : {}), ...(loaderWish?.stateless ? {stateless: true} : {})};
      const flash = {...made, os: {...rest, loader: {path, type: 'pflash' as const, readonly: true, ...more}}};
      return keepsVariables(flash.os) ? withVariables(flash, mapping.nvramTemplate?.path, context) : flash;
    }
  }
}

function templateOf({os}: DomainDef, {catalogue}: FirmwareContext): string | undefined {
  const path = os.loader?.path ?? '';
  const described = catalogue.descriptors.find(
    ({mapping}) => mapping.device === 'flash' && mapping.executable.path === path && mapping.nvramTemplate,
  );
  const found = described?.mapping.device === 'flash' ? described.mapping.nvramTemplate?.path : undefined;
  return os.nvram?.template ?? found ?? (Object.hasOwn(KNOWN_TEMPLATES, path) ? KNOWN_TEMPLATES[path] : undefined);
}

/** A file of the domain's own; one that is named, or not on this host, stays as it is. */
function withVariables(def: DomainDef, template: string | undefined, {nvramDir}: FirmwareContext): DomainDef {
  const {source, ...rest} = def.os.nvram ?? {};
  if (source && source.type !== 'file') return def;
  const path = source?.path ?? rest.path ?? `${nvramDir}/${fileNameOf(def.name)}_VARS.fd`;
  return {...def, os: {...def.os, nvram: {...(template === undefined ? {} : {template}), ...rest, path}}};
}

function noneFits(def: DomainDef, {catalogue, machine}: FirmwareContext): VirtError {
  const {descriptors, unusable, searched} = catalogue;
  const wish = {def, machine};
  const reasons = [
    ...descriptors.map(firmware => `${firmware.path}: ${whyFirmwareMisses(firmware, wish) ?? 'it would do'}`),
    ...unusable.map(({path, why}) => `${path}: ${why}`),
  ];
  const why =
    descriptors.length === 0
      ? `no firmware is described in ${searched.join(', ')}`
      : `none of the ${descriptors.length} described in ${searched.join(', ')} is for it`;
  return new VirtError(
    'OPERATION_FAILED',
    'QEMU',
    `cannot choose the ${def.os.firmware} firmware of domain '${def.name}': ${why}`,
    {hint: hintFor(def), detail: reasons},
  );
}

function hintFor({os}: DomainDef): string {
  if (os.firmware === 'bios') {
    return "leave out firmware='bios', which every PC has without it, or name an image: <loader type='rom'>PATH</loader>";
  }
  const name = os.arch === 'aarch64' ? 'qemu-efi-aarch64' : os.arch === 'armv7l' ? 'qemu-efi-arm' : 'ovmf';
  return `install UEFI firmware (on Debian: apt install ${name}), or name an image: <loader readonly='yes' type='pflash'>PATH</loader>`;
}
