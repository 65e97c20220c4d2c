import {systemNames, tryOpenDevice} from '../../host/host-facts.ts';
import {hostTree} from '../../host/host-tree.ts';
import type {HostCapabilities, HostInfo, KvmStatus} from '../../model/capabilities.ts';
import {describeHost, summariseHost} from './describe-host.ts';
import {KVM_DEVICE, kvmStatus} from './kvm-status.ts';
import type {GuestOwner} from './security-models.ts';

/** Describes this host in short. Nothing missing is an error: a field that cannot be found out has its fallback. */
export async function readHostInfo(): Promise<HostInfo> {
  return summariseHost(hostTree(), systemNames(), await readKvmStatus());
}

/** Describes this host with all that capabilities tell of it. @param owner  as whom its guests run */
export async function readHostCapabilities(owner: GuestOwner): Promise<HostCapabilities> {
  return describeHost(hostTree(), {names: systemNames(), kvm: await readKvmStatus(), owner});
}

/** Whether /dev/kvm can be opened. That it then also runs a guest is not tried here. */
export async function readKvmStatus(): Promise<KvmStatus> {
  return kvmStatus(await tryOpenDevice(KVM_DEVICE));
}
