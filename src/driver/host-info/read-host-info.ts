import {readFact, systemNames, tryOpenDevice} from '../../host/host-facts.ts';
import type {HostInfo, KvmStatus} from '../../model/capabilities.ts';
import {buildHostInfo, type CpuPlace, parseCpuList} from './host-info.ts';
import {KVM_DEVICE, kvmStatus} from './kvm-status.ts';

const CPUS = '/sys/devices/system/cpu';

/** Describes this host. Nothing missing is an error: a field that cannot be found out has its fallback. */
export async function readHostInfo(): Promise<HostInfo> {
  const [cpuinfo, meminfo, onlineCpus, onlineNodes, productUuid, machineId, kvm] = await Promise.all([
    readFact('/proc/cpuinfo'),
    readFact('/proc/meminfo'),
    readFact(`${CPUS}/online`),
    readFact('/sys/devices/system/node/online'),
    readFact('/sys/class/dmi/id/product_uuid'),
    readFact('/etc/machine-id'),
    readKvmStatus(),
  ]);
  const topology = await readTopology(parseCpuList(onlineCpus ?? ''));
  const facts = {cpuinfo, meminfo, onlineCpus, onlineNodes, productUuid, machineId, topology, ...systemNames()};
  return buildHostInfo(facts, kvm);
}

/** Whether /dev/kvm can be opened. That it then also runs a guest is not tried here. */
export async function readKvmStatus(): Promise<KvmStatus> {
  return kvmStatus(await tryOpenDevice(KVM_DEVICE));
}

/** The place of every processor that the kernel tells one of. */
async function readTopology(cpus: readonly number[]): Promise<readonly CpuPlace[]> {
  const places = await Promise.all(
    cpus.map(async cpu => {
      const [packageId, coreId] = await Promise.all([
        readFact(`${CPUS}/cpu${cpu}/topology/physical_package_id`),
        readFact(`${CPUS}/cpu${cpu}/topology/core_id`),
      ]);
      return packageId === undefined || coreId === undefined
        ? []
        : [{packageId: packageId.trim(), coreId: coreId.trim()}];
    }),
  );
  return places.flat();
}
