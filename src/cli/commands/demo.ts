import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Hypervisor} from '../../model/hypervisor.ts';
import type {CommandContext} from '../command.ts';
import {formatDemoSummary} from '../demo/demo-summary.ts';
import {planDemo} from '../demo/plan-demo.ts';
import {emulatorHint} from '../emulator-hint.ts';
import {compareDomains} from '../format/compare-domains.ts';
import {openScreen} from '../open-screen.ts';
import {withProgress} from '../with-progress.ts';

/**
 * `virtty demo`, what `npm start` ends in: defines the guests of the demo that are missing, then opens the screen.
 * Without a terminal it prints what there is and how to open the screen.
 */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const missing = await defineGuests(hypervisor, context.io.cwd);
  if (context.io.interactive) await openScreen(context);
  else await printSummary(context, hypervisor, missing);
}

/** @returns a sentence for each guest that cannot be offered here */
async function defineGuests(hypervisor: Hypervisor, cwd: string): Promise<readonly string[]> {
  const {root = cwd} = hypervisor.instance;
  const [capabilities, domains] = await Promise.all([hypervisor.capabilities(), hypervisor.listDomains()]);
  const host = {capabilities, exists: existsSync, images: join(root, 'images')};
  const {define, missing} = planDemo(host, new Set(domains.map(domain => domain.name)));
  for (const {xml} of define) await hypervisor.domainDefineXml(xml);
  return missing;
}

async function printSummary({io}: CommandContext, hypervisor: Hypervisor, missing: readonly string[]): Promise<void> {
  const probed = hypervisor.capabilities({complete: true});
  const capabilities = await withProgress(io, 'probing the emulators', probed);
  const domains = (await hypervisor.listDomains()).toSorted(compareDomains);
  const {uri} = hypervisor.instance;
  io.out(formatDemoSummary({domains, capabilities, uri, missing, emulatorHint: emulatorHint('x86_64')}));
}
