import type {InterfaceDef} from '../../../model/devices/interface.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {anyPlace, romOptions} from './device-place.ts';
import {buildHostCardArgs} from './hostdev.ts';
import {nicBackend} from './interface-backend.ts';
import {isVirtioNic, virtioNetOptions} from './nic-driver.ts';
import {chooseVirtio} from './virtio-args.ts';

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
  if (nic.type === 'hostdev') return buildHostCardArgs(nic, input);
  const alias = aliasOf(nic);
  const {args, netdev} = nicBackend(nic, alias, input);
  const onboard = ONBOARD_NICS[input.def.os.arch];
  if (onboard !== undefined) {
    const options = {netdev, macaddr: nic.mac, model: nic.model ?? onboard};
    return [...args, optionsArg('-net', options, {key: 'type', value: 'nic'})];
  }
  const driver = nicDriver(nic, input);
  const options = {
    ...(isVirtioNic(nic) ? virtioNetOptions(nic, driver.endsWith('-ccw')) : {}),
    netdev,
    id: alias,
    mac: nic.mac,
    bootindex: bootIndex(input.def, nic),
    ...romOptions(nic),
    ...anyPlace(nic, input),
  };
  return [...args, deviceArg(driver, options)];
}

function nicDriver(nic: InterfaceDef, input: ArgvInput): string {
  const {model} = nic;
  if (model === undefined) return chooseDriver(USUAL_NICS[input.def.os.arch] ?? OTHER_NICS, 'network adapter', input);
  const what = `network adapter '${model}'`;
  return isVirtioNic(nic) && !model.startsWith('virtio-net')
    ? chooseVirtio('virtio-net', model, what, input)
    : chooseDriver([model], what, input);
}
