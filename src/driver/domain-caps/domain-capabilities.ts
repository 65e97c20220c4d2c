import {fileExists} from '../../host/files.ts';
import {findProgram} from '../../host/find-program.ts';
import {hostTree} from '../../host/host-tree.ts';
import type {HostInfo} from '../../model/capabilities.ts';
import type {DomainCapabilities, DomainCapabilitiesQuery} from '../../model/domain-capabilities.ts';
import type {ProbedEmulator} from '../../model/guest-offers.ts';
import {askAccelerator} from '../emulators/ask-accelerator.ts';
import type {FirmwareDescriptor} from '../firmware/firmware-descriptor.ts';
import {readFirmwareCatalogue} from '../firmware/read-catalogue.ts';
import {hasIommu} from '../host-info/power.ts';
import {archFor, domainTypeFor, machineFor} from './choose-for-caps.ts';
import {cpuSupport} from './cpu-support.ts';
import {deviceParts} from './device-parts.ts';
import {featureParts} from './feature-parts.ts';
import {imageOf, loaderSupport} from './loader-support.ts';

/** Of whose domains on which host is told. */
export interface DomainCapsContext {
  readonly host: HostInfo;
  readonly emulator: ProbedEmulator;
  /** Where firmware is described, the most important first. */
  readonly firmwareFolders: readonly string[];
}

/**
 * What domains can have with an emulator on this host.
 *
 * @throws {VirtError} INVALID_ARG for what is asked about and is not there, with the reason
 */
export async function tellDomainCapabilities(
  query: DomainCapabilitiesQuery,
  {host, emulator, firmwareFolders}: DomainCapsContext,
): Promise<DomainCapabilities> {
  const {path, caps} = emulator;
  const arch = archFor(query, emulator);
  const domainType = domainTypeFor(query, arch, emulator, host);
  const board = machineFor(query, emulator);
  const machine = board?.name;
  const accelerator = domainType === 'qemu' ? 'tcg' : 'kvm';
  const [answers, firmware, swtpm] = await Promise.all([
    caps.flags.has('qmp') ? askAccelerator(path, arch, accelerator) : 'it is from before QEMU 1.2',
    usableFirmware(firmwareFolders),
    findProgram('swtpm'),
  ]);
  const tree = hostTree();
  const told = typeof answers === 'string' ? undefined : answers;
  return {
    emulator: path,
    domainType,
    machine,
    arch,
    maxVcpus: board?.maxCpus,
    iothreads: caps.flags.has('iothread'),
    ...loaderSupport({caps, arch, machine, firmware}),
    cpu: cpuSupport({arch, accelerator, cpuModels: caps.cpuModels, answers}),
    memorySources: ['file', 'anonymous', ...(caps.flags.has('memory-memfd') ? ['memfd'] : [])],
    devices: deviceParts({
      caps,
      arch,
      machine,
      iommu: hasIommu(tree),
      tpmVersions: swtpm === undefined ? [] : ['1.2', '2.0'],
    }),
    features: featureParts({
      caps,
      arch,
      machine,
      accelerator: told,
      protectedGuests: tree.text('/sys/firmware/uv/prot_virt_host')?.startsWith('1') ?? false,
    }),
    sev: told?.sev,
    sgx: told?.sgx,
  };
}

/** Descriptors of packages whose images are there. */
async function usableFirmware(folders: readonly string[]): Promise<readonly FirmwareDescriptor[]> {
  const {descriptors} = await readFirmwareCatalogue(folders);
  const there = await Promise.all(descriptors.map(({mapping}) => fileExists(imageOf(mapping) ?? '/')));
  return descriptors.filter((_, at) => there[at]);
}
