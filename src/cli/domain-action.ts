import {accessTrouble} from '../app/access-document.ts';
import {DOMAIN_ACTIONS, type DomainAction, type DomainActionId, refusalOf} from '../app/actions.ts';
import {quoteWord} from '../base/quote-shell.ts';
import {VirtError} from '../base/virt-error.ts';
import type {DomainSummary, Hypervisor} from '../model/hypervisor.ts';
import type {CommandContext} from './command.ts';
import {contextDomain} from './context-domain.ts';
import {domainJson} from './format/domain-json.ts';
import {jsonText} from './format/json-text.ts';
import {printDone} from './print.ts';
import {warned} from './warned.ts';
import {withProgress} from './with-progress.ts';

/** The command that does one action to the domain it names. */
export function actionCommand(id: DomainActionId): (context: CommandContext) => Promise<void> {
  return async context => {
    const {hypervisor, domain} = await contextDomain(context);
    await runAction(context, DOMAIN_ACTIONS[id], hypervisor, domain);
    await printActionDone(context, DOMAIN_ACTIONS[id], hypervisor, domain);
  };
}

/**
 * Does an action, telling a person at a terminal when it takes long. Nothing is asked, as virsh does not ask.
 *
 * @throws {VirtError} OPERATION_INVALID when the domain's state forbids it, else as the hypervisor's call
 */
export async function runAction(
  context: CommandContext,
  action: DomainAction,
  hypervisor: Hypervisor,
  domain: DomainSummary,
): Promise<void> {
  const refusal = refusalOf(action, domain);
  if (refusal !== undefined) throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot ${action.id}: ${refusal}`);
  const call = withProgress(context.io, `${action.doing} '${domain.name}'`, action.run(hypervisor, domain.name));
  try {
    await warned(context, hypervisor, call);
  } catch (error) {
    throw action.id === 'start' ? await withTrouble(error, hypervisor, domain.name) : error;
  }
}

/** Why a start failed, with the first file that the guest's process does not reach, where there is one: that may be why. */
async function withTrouble(error: unknown, hypervisor: Hypervisor, name: string): Promise<unknown> {
  if (!(error instanceof VirtError) || error.hint !== undefined) return error;
  const {code, domain, message, detail} = error;
  try {
    const trouble = accessTrouble(await hypervisor.domainExplain(name));
    if (trouble === undefined) return error;
    const hint = `${trouble}; 'virtty explain ${quoteWord(name)}' says why, and what would help`;
    return new VirtError(code, domain, message, {cause: error, detail, hint});
  } catch {
    return error; // of a domain that cannot be explained, either, there is no more to say
  }
}

async function printActionDone(
  context: CommandContext,
  action: DomainAction,
  hypervisor: Hypervisor,
  domain: DomainSummary,
): Promise<void> {
  printDone(context, action.done(domain.name));
  if (!context.globals.json) return;
  const left = (await hypervisor.listDomains()).find(one => one.uuid === domain.uuid);
  context.io.out(jsonText(left ? domainJson(left) : null));
}
