import {element} from '../../model/xml/write-xml.ts';
import {type DemoGuest, hasFirmware, missingEmulator} from './demo-guest.ts';
import {demoXml} from './demo-xml.ts';

/** A PC without a disk: its firmware, then the network boot loader in the card's ROM, which has a command line. */
export const IPXE: DemoGuest = {
  name: 'ipxe',
  missing: host =>
    missingEmulator(host, ['qemu-system-x86_64', 'qemu-kvm']) ??
    (hasFirmware(host, 'efi-e1000.rom', 'pxe-e1000.rom')
      ? undefined
      : "the boot ROM of the e1000 network card is not installed (Debian's package ipxe-qemu)"),
  xml: () =>
    demoXml({
      name: 'ipxe',
      title: 'PC that boots from the network (iPXE)',
      description:
        'A PC without a disk. Press Ctrl-B in its console within two seconds of the start for the iPXE command line; try: help, ifstat, config.',
      arch: 'x86_64',
      machine: 'pc',
      memoryMiB: 16,
      os: [element('boot', {dev: 'network'}), element('bios', {useserial: 'yes'})],
      network: 'e1000',
    }),
};
