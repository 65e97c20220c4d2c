import type {DomainSummary, Hypervisor} from '../model/hypervisor.ts';
import type {CommandContext} from './command.ts';
import {findDomain} from './find-domain.ts';

/** Opens the connection and finds the domain that a command's `<domain>` names. @throws {VirtError} NO_DOMAIN */
export async function contextDomain(
  context: CommandContext,
): Promise<{readonly hypervisor: Hypervisor; readonly domain: DomainSummary}> {
  const hypervisor = await context.connect();
  return {hypervisor, domain: await findDomain(hypervisor, context.args.word('domain'))};
}
