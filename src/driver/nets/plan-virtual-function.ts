import {VirtError} from '../../base/virt-error.ts';
import type {HostTree} from '../../host/host-tree.ts';
import type {PciAddress} from '../../model/devices/address.ts';
import {pciName, pciPath} from '../../model/devices/host-paths.ts';
import type {InterfaceDef} from '../../model/devices/interface.ts';
import type {HostStep, TakeBack} from '../host-steps/host-step.ts';

/** A network card of the host that a guest gets. */
export type HostCard = Extract<InterfaceDef, {readonly type: 'hostdev'}>;

/** One of the cards that an SR-IOV card can be. */
export interface VirtualFunction {
  /** The network device of the card that it is a part of. */
  readonly parent: string;
  readonly number: number;
}

/** Which part of which card a PCI device is; undefined for a card of its own. @see Linux, Documentation/PCI/pci-iov-howto.rst */
export function readVirtualFunction(address: PciAddress, tree: HostTree): VirtualFunction | undefined {
  const card = `${pciPath(address)}/physfn`;
  const [parent] = tree.names(`${card}/net`);
  const slot = `PCI_SLOT_NAME=${pciName(address)}`;
  const own = tree
    .names(card)
    .find(name => /^virtfn\d+$/.test(name) && tree.text(`${card}/${name}/uevent`)?.split('\n').includes(slot));
  return parent === undefined || own === undefined ? undefined : {parent, number: Number(own.slice('virtfn'.length))};
}

export interface CardContext {
  readonly domain: string;
  /** Of its PCI device; absent where that is none. */
  readonly vf?: VirtualFunction;
  readonly ip?: string;
}

/**
 * Gives a part of a card the guest's address and VLAN, which the guest itself may not. Source: libvirt 9.0.0,
 * src/hypervisor/virhostdev.c, virHostdevSetNetConfig.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for another card: nobody could give that its address
 */
export function planCard(nic: HostCard, context: CardContext): {readonly step: HostStep; readonly takeBack: TakeBack} {
  const {vf, ip} = context;
  const [tag, ...more] = nic.vlan?.tags ?? [];
  if (nic.virtualport)
    throw refusal(nic, context, 'its <virtualport> needs a program that talks to the switch', 'take it out');
  if (!vf) {
    const hint = "write <hostdev> for a whole card; its address is then the card's own";
    throw refusal(nic, context, 'only a virtual function of an SR-IOV card can be given its address', hint);
  }
  if (more.length > 0 || nic.vlan?.trunk === true)
    throw refusal(nic, context, 'a virtual function has one VLAN, not a trunk', 'leave one <tag>');
  if (ip === undefined)
    throw refusal(nic, context, "this host has no 'ip'", "install iproute2 (on Fedora and RHEL: 'iproute')");
  const vlan = tag === undefined ? [] : ['vlan', String(tag.id)];
  const args = ['link', 'set', 'dev', vf.parent, 'vf', String(vf.number), 'mac', nic.mac, ...vlan];
  const what = `give virtual function ${vf.number} of '${vf.parent}' the address of the guest`;
  return {
    step: {do: 'run', what, command: {program: ip, args}},
    takeBack: {what: 'virtual-function', parent: vf.parent, number: vf.number, ip},
  };
}

function refusal({mac}: HostCard, {domain}: CardContext, why: string, hint: string): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot give domain '${domain}' the card ${mac}: ${why}`, {hint});
}
