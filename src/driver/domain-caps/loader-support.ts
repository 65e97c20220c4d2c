import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {DomainCapabilities} from '../../model/domain-capabilities.ts';
import type {FirmwareDescriptor, FirmwareMapping} from '../firmware/firmware-descriptor.ts';
import {isForBoard} from '../firmware/firmware-match.ts';

export interface LoaderSurroundings {
  readonly caps: EmulatorCaps;
  readonly arch: string;
  /** The board's own name. */
  readonly machine: string | undefined;
  /** That packages of this host describe, the best first; those whose image is not there left out. */
  readonly firmware: readonly FirmwareDescriptor[];
}

const NAMES: Readonly<Record<string, string>> = {bios: 'bios', uefi: 'efi'};

/**
 * The firmware that domains can have.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_firmware.c, qemuFirmwareGetSupported, and virQEMUCapsFillDomainLoaderCaps
 */
export function loaderSupport(around: LoaderSurroundings): Pick<DomainCapabilities, 'firmware' | 'loader'> {
  const {caps, arch, machine, firmware} = around;
  const fitting = firmware.filter(({targets}) => targets.some(target => isForBoard(target, arch, machine ?? '')));
  const named = new Set(fitting.flatMap(({interfaces}) => interfaces.flatMap(name => NAMES[name] ?? [])));
  const hasFlash = caps.devices.has('cfi.pflash01') || caps.devices.has('cfi.pflash02');
  return {
    firmware: ['bios', 'efi'].filter(name => named.has(name)),
    loader: {
      paths: [...new Set(fitting.flatMap(({mapping}) => imageOf(mapping) ?? []))],
      types: ['rom', ...(hasFlash ? ['pflash'] : [])],
      hasSecureBoot: fitting.some(({features}) => features.has('requires-smm')),
    },
  };
}

/** The file that `<loader>` would name; firmware that is loaded as a kernel has none. */
export function imageOf(mapping: FirmwareMapping): string | undefined {
  if (mapping.device === 'flash') return mapping.executable.path;
  return mapping.device === 'memory' ? mapping.path : undefined;
}
