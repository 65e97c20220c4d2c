import type {InterfaceDef} from '../../../model/devices/interface.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {deviceArg, type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {netdevArg} from './interface-backend.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

const VIRTIO_NICS = ['virtio-net-pci', 'virtio-net-ccw', 'virtio-net-device'];

/** The adapter that a board usually has, best first, where the XML names none; by the guest's architecture. */
const USUAL_NICS: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['e1000', 'rtl8139', ...VIRTIO_NICS],
  i686: ['e1000', 'rtl8139', ...VIRTIO_NICS],
  ppc: ['sungem', 'ne2k_pci', 'e1000'],
  ppc64: ['spapr-vlan', 'sungem', ...VIRTIO_NICS],
  ppc64le: ['spapr-vlan', ...VIRTIO_NICS],
  mips: ['pcnet', 'e1000'],
  mipsel: ['pcnet', 'e1000'],
};
const OTHER_NICS = [...VIRTIO_NICS, 'e1000', 'rtl8139'];

/**
 * Boards that place their adapters themselves: they are connected with `-net nic`, not added with `-device`.
 * Source: QEMU 7.2, hw/sparc/sun4m.c (soldered on) and hw/sparc64/sun4u.c (the first PCI bus has no free slot).
 */
const ONBOARD_NICS: Readonly<Record<string, string>> = {sparc: 'lance', sparc64: 'sunhme'};

/** The backend on the host, and the adapter that the guest sees. */
export function buildInterfaceArgs(nic: InterfaceDef, input: ArgvInput): readonly QemuArg[] {
  const alias = aliasOf(nic);
  const netdev = `host${alias}`;
  const backend = netdevArg(nic, netdev, input);
  const onboard = ONBOARD_NICS[input.def.os.arch];
  if (onboard !== undefined) {
    const options = {netdev, macaddr: nic.mac, model: nic.model ?? onboard};
    return [backend, optionsArg('-net', options, {key: 'type', value: 'nic'})];
  }
  const options = {
    ...(isVirtio(nic) ? virtioNetOptions(nic) : {}),
    netdev,
    id: alias,
    mac: nic.mac,
    bootindex: bootIndex(input.def, nic),
    ...pciPlace(nic, input),
  };
  return [backend, deviceArg(nicDriver(nic, input), options)];
}

function isVirtio({model}: InterfaceDef): boolean {
  return model?.startsWith('virtio') ?? false;
}

function nicDriver(nic: InterfaceDef, input: ArgvInput): string {
  const {model} = nic;
  if (model === undefined) return chooseDriver(USUAL_NICS[input.def.os.arch] ?? OTHER_NICS, 'network adapter', input);
  const what = `network adapter '${model}'`;
  return isVirtio(nic) && !model.startsWith('virtio-net')
    ? chooseVirtio('virtio-net', model, what, input)
    : chooseDriver([model], what, input);
}

/** What only a virtio adapter understands. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildNicDevProps. */
function virtioNetOptions({driver, mtu}: InterfaceDef): OptionRecord {
  const {host, guest} = driver ?? {};
  const tx = driver?.txmode === 'iothread' ? 'bh' : driver?.txmode;
  return {
    tx,
    ioeventfd: driver?.ioeventfd,
    event_idx: driver?.eventIdx,
    rx_queue_size: driver?.rxQueueSize,
    tx_queue_size: driver?.txQueueSize,
    rss: driver?.rss,
    hash: driver?.rssHashReport,
    csum: host?.csum,
    gso: host?.gso,
    host_tso4: host?.tso4,
    host_tso6: host?.tso6,
    host_ecn: host?.ecn,
    host_ufo: host?.ufo,
    mrg_rxbuf: host?.mrgRxbuf,
    guest_csum: guest?.csum,
    guest_tso4: guest?.tso4,
    guest_tso6: guest?.tso6,
    guest_ecn: guest?.ecn,
    guest_ufo: guest?.ufo,
    host_mtu: mtu,
    ...virtioOptions(driver),
  };
}
