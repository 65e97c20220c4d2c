import type {IommuDef} from '../../../model/devices/iommu.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace} from './device-place.ts';

/** An I/O memory management unit. */
export function buildIommuArgs(iommu: IommuDef, input: ArgvInput): readonly QemuArg[] {
  const {driver} = iommu;
  switch (iommu.model) {
    case 'intel': {
      const options = {
        id: aliasOf(iommu),
        intremap: driver?.intremap,
        'caching-mode': driver?.cachingMode,
        eim: driver?.eim,
        'device-iotlb': driver?.iotlb,
        'aw-bits': driver?.awBits,
      };
      return [deviceArg(chooseDriver(['intel-iommu'], 'IOMMU', input), options)];
    }
    case 'virtio':
      return [
        deviceArg(chooseDriver(['virtio-iommu-pci', 'virtio-iommu'], 'IOMMU', input), {
          id: aliasOf(iommu),
          ...pciPlace(iommu, input),
        }),
      ];
    case 'smmuv3': // a property of the board
      return [];
  }
}
