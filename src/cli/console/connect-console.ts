import {assertNever} from '../../base/assert-never.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {ConsoleStream, Hypervisor} from '../../model/hypervisor.ts';
import type {CliIo} from '../cli-io.ts';
import {type AttachEnd, attachConsole, type Waiting} from './attach-console.ts';
import {DEFAULT_ESCAPE, type EscapeKey} from './escape-key.ts';
import {takeTerminal} from './terminal-guard.ts';

/** What a person can choose about a console. */
export interface ConnectConsoleOptions {
  /** Alias of the device; else the first one. */
  readonly device?: string;
  readonly escapeKey?: EscapeKey;
  /** Takes the right to type from whoever has it. */
  readonly force?: boolean;
  /** Leaves out what is not the guest's own output. */
  readonly quiet?: boolean;
}

/**
 * Connects the terminal to a guest's console until the person leaves, or, without a terminal, the guest goes off; says how it
 * began and ended. A person stays connected over the domain's restarts, while there is such a domain.
 *
 * @param domain  name of the domain
 * @throws {VirtError} OPERATION_INVALID when the guest is off, OPERATION_ABORTED when a signal ended it
 */
export async function connectConsole(
  io: CliIo,
  hypervisor: Hypervisor,
  domain: string,
  {device, escapeKey = DEFAULT_ESCAPE, force = false, quiet = false}: ConnectConsoleOptions = {},
): Promise<void> {
  const stream = await hypervisor.domainOpenConsole(domain, device === undefined ? {} : {device});
  try {
    if (stream.status.is === 'ended') throw offError(domain);
    if (force) stream.claim({force});
    if (!quiet) io.err(`Connected to domain '${domain}'\nEscape character is ${escapeKey.label}\n`);
    if (!quiet && stream.skippedBytes > 0) io.err(`(${stream.skippedBytes} bytes of earlier output left out)\n`);
    if (!force && !quiet && io.interactive) sayWhoTypes(io, stream);
    const waiting: Waiting = {
      note: () => noteWaiting(hypervisor, domain, escapeKey),
      onChange: listener => hypervisor.onDomainEvent(listener),
    };
    const end = await attachWithTerminal(io, () =>
      attachConsole(stream, io, {escapeKey, ...(io.interactive ? {waiting} : {})}),
    );
    sayEnd(io, domain, end, quiet);
  } finally {
    stream.dispose();
  }
}

/** Somebody else who types is told before, not at the first key. */
function sayWhoTypes(io: CliIo, stream: ConsoleStream): void {
  try {
    stream.claim();
  } catch (error) {
    if (!(error instanceof VirtError && error.code === 'RESOURCE_BUSY')) throw error;
    io.err(`${sanitiseUntrusted(error.message)}\nYou look on; the first key asks whether to take over\n`);
  }
}

/** Undefined for a domain that does not start again: a transient one is gone then, and another's process has ended for good. */
async function noteWaiting(hypervisor: Hypervisor, name: string, {name: key}: EscapeKey): Promise<string | undefined> {
  const domain = (await hypervisor.listDomains()).find(it => it.name === name);
  if (!domain?.persistent || domain.foreign) return undefined;
  return `${sanitiseUntrusted(name)} is shut off; waiting for it to start, ${key} leaves`;
}

async function attachWithTerminal(io: CliIo, attach: () => Promise<AttachEnd>): Promise<AttachEnd> {
  const terminal = takeTerminal(io);
  try {
    return await attach();
  } finally {
    terminal.dispose();
  }
}

function offError(domain: string): VirtError {
  return new VirtError('OPERATION_INVALID', 'QEMU', `cannot connect to domain '${domain}': it is not running`, {
    hint: `virtty start ${domain} --console starts it; virtty log ${domain} shows why it ended`,
  });
}

function sayEnd(io: CliIo, domain: string, end: AttachEnd, quiet: boolean): void {
  switch (end.is) {
    case 'left':
    case 'input ended':
    case 'output closed':
      return;
    case 'ended':
      if (!quiet) io.err(`Domain '${domain}' went off: the console is closed\n`);
      return;
    case 'signal':
      throw new VirtError('OPERATION_ABORTED', 'QEMU', `the console of '${domain}' was closed by ${end.signal}`);
    default:
      assertNever(end);
  }
}
