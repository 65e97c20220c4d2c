import {VirtError} from '../../base/virt-error.ts';
import type {Capabilities} from '../../model/capabilities.ts';
import type {CommandContext} from '../command.ts';
import {emulatorHint} from '../emulator-hint.ts';
import {formatEmulators} from '../format/emulator-table.ts';
import {printData} from '../print.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty emulators`: the emulators found, and why one of them cannot be used. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const probed = hypervisor.capabilities({complete: true});
  printEmulators(context, await withProgress(context.io, 'probing the emulators', probed));
}

/** @throws {VirtError} CONFIG_UNSUPPORTED when there are none, where that is not data for a program */
export function printEmulators(context: CommandContext, capabilities: Capabilities): void {
  if (capabilities.emulators.length === 0 && !context.globals.json) throw noEmulator(capabilities);
  printData(context, formatEmulators(capabilities, context.globals.quiet), capabilities.emulators);
}

/** No emulator was found: where it was looked for, and what to install. */
function noEmulator({host, searched}: Capabilities): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', 'there is no QEMU emulator on this host', {
    detail: searched.map(path => `looked in ${path}`),
    hint: emulatorHint(host.arch),
  });
}
