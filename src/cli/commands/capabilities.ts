import {formatCapabilitiesXml} from '../../model/capabilities-xml.ts';
import type {CommandContext} from '../command.ts';
import {printData} from '../print.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty capabilities`: complete, so it waits for every probe. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const probed = hypervisor.capabilities({complete: true});
  const capabilities = await withProgress(context.io, 'probing the emulators', probed);
  printData(context, context.globals.json ? '' : formatCapabilitiesXml(capabilities), capabilities);
}
