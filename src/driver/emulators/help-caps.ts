import {type EmulatorCaps, HELP_FLAGS} from '../../model/capabilities.ts';
import {HELP_FLAG_RULES} from './help-flags.ts';
import {readHelpText} from './help-text.ts';

/**
 * The capabilities that a `-help` text shows. Boards, processors and devices are not in it: the lists are empty.
 *
 * @param arch  libvirt's name of the architecture that the emulator runs; the text does not say it
 * @throws {VirtError} as {@link readHelpText}
 */
export function capsOfHelpText(text: string, arch: string): EmulatorCaps {
  const help = readHelpText(text);
  const flags = new Set(HELP_FLAGS.filter(flag => HELP_FLAG_RULES[flag](help)));
  return {
    version: help.version,
    arch,
    flags,
    machines: [],
    cpuModels: [],
    devices: new Set(),
    kvmBuiltIn: flags.has('enable-kvm') || flags.has('no-kvm'),
  };
}
