import {sanitiseUntrusted} from '../base/sanitise.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import type {CommandContext} from './command.ts';

/** Waits for a call, telling the warnings that come meanwhile on standard error. */
export async function warned<T>({io}: CommandContext, hypervisor: Hypervisor, call: Promise<T>): Promise<T> {
  const warnings = hypervisor.onDomainEvent(event => {
    if (event.type === 'warning') io.err(`warning: ${sanitiseUntrusted(event.message)}\n`);
  });
  try {
    return await call;
  } finally {
    warnings.dispose();
  }
}
