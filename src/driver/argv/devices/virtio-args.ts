import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';
import {chooseDriver} from './device-context.ts';

/** What the XML of every virtio device may say of its driver. */
export interface VirtioOptions {
  readonly iommu?: boolean;
  readonly ats?: boolean;
  readonly packed?: boolean;
  readonly pagePerVq?: boolean;
}

/** The options of a virtio device's driver, as QEMU calls them. */
export function virtioOptions(driver: VirtioOptions | undefined): OptionRecord {
  return {
    iommu_platform: driver?.iommu,
    ats: driver?.ats,
    packed: driver?.packed,
    'page-per-vq': driver?.pagePerVq,
  };
}

/**
 * The PCI device of a virtio kind, e.g. `virtio-net`, or that of a board without PCI.
 *
 * @param model  as in the XML: `virtio`, `virtio-transitional` or `virtio-non-transitional`
 * @throws {VirtError} CONFIG_UNSUPPORTED when the emulator has none
 */
export function chooseVirtio(base: string, model: string | undefined, what: string, input: ArgvInput): string {
  const suffix = /^virtio(-transitional|-non-transitional)$/.exec(model ?? '')?.[1];
  const candidates = suffix === undefined ? [`${base}-pci`, `${base}-ccw`, `${base}-device`] : [`${base}-pci${suffix}`];
  return chooseDriver(candidates, what, input);
}
