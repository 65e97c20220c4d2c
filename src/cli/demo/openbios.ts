import {type DemoGuest, hasFirmware, missingEmulator} from './demo-guest.ts';
import {demoXml} from './demo-xml.ts';

/** An old Power Macintosh with nothing but its firmware. It takes no input without a network card or a drive. */
export const OPENBIOS: DemoGuest = {
  name: 'openbios',
  missing: host =>
    missingEmulator(host, ['qemu-system-ppc']) ??
    (hasFirmware(host, 'openbios-ppc')
      ? undefined
      : "the firmware of the emulated Macintosh is not installed (Debian's package openbios-ppc)"),
  xml: () =>
    demoXml({
      name: 'openbios',
      title: 'Power Macintosh G3 at its firmware prompt (OpenBIOS)',
      description:
        'A PowerPC machine that stays in its firmware, which is a Forth interpreter: type 6 7 * . in its console (it counts in hexadecimal). It keeps one processor of the host busy while it runs.',
      arch: 'ppc',
      machine: 'g3beige',
      memoryMiB: 32,
      network: 'sungem',
    }),
};
