import {formatDomainCapabilitiesXml} from '../../model/domain-capabilities-xml.ts';
import type {CommandContext} from '../command.ts';
import {printData} from '../print.ts';
import {withProgress} from '../with-progress.ts';

/** `virtty domcapabilities`: what domains can have with one emulator. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const [arch, machine, domainType, emulator] = ['arch', 'machine', 'virttype', 'emulatorbin'].map(option =>
    context.args.value(option),
  );
  const asked = hypervisor.domainCapabilities({
    ...(arch === undefined ? {} : {arch}),
    ...(machine === undefined ? {} : {machine}),
    ...(domainType === undefined ? {} : {domainType}),
    ...(emulator === undefined ? {} : {emulator}),
  });
  const capabilities = await withProgress(context.io, 'asking the emulator', asked);
  printData(context, context.globals.json ? '' : formatDomainCapabilitiesXml(capabilities), capabilities);
}
