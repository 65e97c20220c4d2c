import type {EmulatorCaps} from '../../model/capabilities.ts';
import {flagsOfHelp} from './flags.ts';
import {readDeviceText, readHelpText} from './help-text.ts';

/**
 * The capabilities that the texts of an emulator show. Boards and processors are not in them: the lists are empty.
 *
 * @param text  what it printed for `-help`
 * @param arch  libvirt's name of the architecture that the emulator runs; the text does not say it
 * @param deviceText  what it printed for `-device ?`; empty before 0.12
 * @throws {VirtError} as {@link readHelpText}
 */
export function capsOfHelpText(text: string, arch: string, deviceText = ''): EmulatorCaps {
  const answers = {...readHelpText(text), ...readDeviceText(deviceText)};
  const flags = flagsOfHelp(answers);
  return {
    version: answers.version,
    arch,
    flags,
    machines: [],
    cpuModels: [],
    devices: answers.devices,
    kvmBuiltIn: flags.has('enable-kvm') || flags.has('no-kvm'),
  };
}
