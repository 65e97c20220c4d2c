import type {Hypervisor} from '../model/hypervisor.ts';
import {accessTrouble} from './access-document.ts';
import {DOMAIN_ACTIONS, type DomainActionId, refusalOf} from './actions.ts';
import {type AppState, withEntry} from './app-state.ts';
import {addMessage, errorMessage, infoMessage, type Message, noticeMessage} from './messages.ts';
import type {Store} from './store.ts';

/** A job older than this is shown with its time. */
export const SLOW_JOB_MS = 1000;

/** Why an action cannot be done to a domain now, as a sentence; undefined when it can. */
export function whyNot(state: AppState, action: DomainActionId, name: string): string | undefined {
  const domain = state.domains.find(candidate => candidate.name === name);
  if (!domain) return `there is no domain '${name}'`;
  if (state.instance.readOnly) return `the connection is read-only: ${state.instance.readOnlyReason ?? 'no changes'}`;
  const job = state.jobs.get(name);
  if (job) return `domain '${name}' is busy: ${DOMAIN_ACTIONS[job.action].doing}`;
  return refusalOf(DOMAIN_ACTIONS[action], domain);
}

/**
 * Runs an action on a domain: marks the job as begun and ended, says how it ended, and changes nothing else.
 * Never fails: an error becomes a message.
 */
export async function runJob(
  store: Store<AppState>,
  hypervisor: Hypervisor,
  action: DomainActionId,
  name: string,
  now: () => number,
): Promise<void> {
  const reason = whyNot(store.get(), action, name);
  if (reason !== undefined) {
    say(store, noticeMessage(`cannot ${DOMAIN_ACTIONS[action].title.toLowerCase()}: ${reason}`));
    return;
  }
  const startedAtMs = now();
  store.update(state => ({...state, nowMs: startedAtMs, jobs: withEntry(state.jobs, name, {action, startedAtMs})}));
  let outcome: Omit<Message, 'id'>;
  try {
    await DOMAIN_ACTIONS[action].run(hypervisor, name);
    outcome = infoMessage(DOMAIN_ACTIONS[action].done(name));
  } catch (error) {
    outcome = errorMessage(error);
    if (action === 'start') outcome = await withTrouble(outcome, hypervisor, name);
  }
  store.update(state => ({
    ...state,
    nowMs: now(),
    jobs: withEntry(state.jobs, name, undefined),
    messages: addMessage(state.messages, outcome),
  }));
}

/** A failed start with the first file that its process does not reach, where there is one: that may be why. */
async function withTrouble(
  message: Omit<Message, 'id'>,
  hypervisor: Hypervisor,
  name: string,
): Promise<Omit<Message, 'id'>> {
  try {
    const trouble = accessTrouble(await hypervisor.domainExplain(name));
    if (trouble === undefined) return message;
    const words = `${trouble}; E says why, and what would help`;
    // The hint is what a small screen shows of a long message, too.
    return message.hint === undefined ? {...message, hint: words} : {...message, detail: [...message.detail, words]};
  } catch {
    return message; // of a domain that cannot be explained, either, there is no more to say
  }
}

/** Shows a message. */
export function say(store: Store<AppState>, message: Omit<Message, 'id'>): void {
  store.update(state => ({...state, messages: addMessage(state.messages, message)}));
}
