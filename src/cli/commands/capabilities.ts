import type {Capabilities} from '../../model/capabilities.ts';
import {formatCapabilitiesXml} from '../../model/capabilities-xml.ts';
import {guestOffers} from '../../model/guest-offers.ts';
import type {CommandContext} from '../command.ts';
import {printData} from '../print.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty capabilities`: complete, so it waits for every probe. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const probed = hypervisor.capabilities({complete: true});
  const capabilities = await withProgress(context.io, 'probing the emulators', probed);
  const isJson = context.globals.json;
  printData(context, isJson ? '' : formatCapabilitiesXml(capabilities), isJson ? withGuests(capabilities) : undefined);
}

/** Emulators by their paths: what they can do stands in `emulators`. */
function withGuests(capabilities: Capabilities): unknown {
  const guests = guestOffers(capabilities).map(({osType, arch, emulator, domains}) => ({
    osType,
    arch,
    emulator: emulator.path,
    domains: domains.map(({type, emulator: own}) => ({type, emulator: (own ?? emulator).path})),
  }));
  const {host, emulators, searched} = capabilities;
  return {host, guests, emulators, searched};
}
