import {addressOfType} from '../../../model/devices/address.ts';
import type {MemoryDeviceDef} from '../../../model/devices/memory-device.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {buildMemoryBackend, type MemoryPiece, preallocatesInDevice} from '../memory/memory-backend.ts';
import {moduleMemoryKiB} from '../memory/memory-sizes.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace} from './device-place.ts';

const DRIVERS = {
  dimm: ['pc-dimm'],
  nvdimm: ['nvdimm'],
  'virtio-pmem': ['virtio-pmem-pci'],
  'virtio-mem': ['virtio-mem-pci'],
} as const;

/**
 * A memory module: its backend, then the device. Protected memory for SGX is no device: the board names its backends.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMemoryDeviceProps
 */
export function buildMemoryDeviceArgs(module: MemoryDeviceDef, input: ArgvInput): readonly QemuArg[] {
  const piece = modulePiece(module, input);
  const backend = buildMemoryBackend(piece, input);
  if (module.model === 'sgx-epc') return backend;
  const {target} = module;
  const options: OptionRecord = {
    node: target.node,
    'label-size': target.labelSizeKiB && target.labelSizeKiB * 1024n,
    'block-size': target.blockKiB && target.blockKiB * 1024n,
    'requested-size': target.requestedKiB ? target.requestedKiB * 1024n : undefined,
    unarmed: target.readonly ? true : undefined,
    uuid: module.model === 'nvdimm' ? module.uuid : undefined,
    memdev: piece.id,
    prealloc: preallocatesInDevice(piece, input) ? true : undefined,
    id: aliasOf(module),
    ...slot(module),
    ...pciPlace(module, input),
  };
  return [
    ...backend,
    deviceArg(chooseDriver(DRIVERS[module.model], `memory module '${aliasOf(module)}'`, input), options),
  ];
}

/** The memory of a module. */
export function modulePiece(module: MemoryDeviceDef, input: ArgvInput): MemoryPiece {
  const alias = aliasOf(module);
  const {node} = module.target;
  const sizeKiB = moduleMemoryKiB(module, input.def);
  return {id: backendId(module), fileName: alias, sizeKiB, module, ...(node === undefined ? {} : {node})};
}

/** The id of the backend of a module. */
function backendId(module: MemoryDeviceDef): string {
  return `mem${aliasOf(module)}`;
}

function slot(module: MemoryDeviceDef): OptionRecord {
  const address = addressOfType(module, 'dimm');
  return {slot: address?.slot, addr: address?.base};
}

/** What the board has to know of the modules. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuAppendDomainMemoryMachineParams. */
export function memoryMachineOptions({def}: ArgvInput): OptionRecord {
  const modules = devicesOf(def, 'memory');
  const protectedOnes = modules.filter(({model}) => model === 'sgx-epc');
  return {
    nvdimm: modules.some(({model}) => model === 'nvdimm') ? true : undefined,
    ...Object.assign(
      {},
      ...protectedOnes.map(
        (module, index): OptionRecord => ({
          [`sgx-epc.${index}.memdev`]: backendId(module),
          [`sgx-epc.${index}.node`]: module.target.node,
        }),
      ),
    ),
  };
}
