import {quoteWord} from '../../base/quote-shell.ts';
import {VirtError} from '../../base/virt-error.ts';
import {runProgram} from '../../host/run-program.ts';
import type {HostCommand} from './host-step.ts';

/** A network script may wait for a slow switch. */
const COMMAND_TIMEOUT_MS = 30_000;

/**
 * Runs a program of the host to its end.
 *
 * @param what  for the message: `cannot WHAT`
 * @throws {VirtError} SYSTEM_ERROR with the program's own words when it fails
 */
export async function runCommand(what: string, {program, args}: HostCommand, hint?: string): Promise<void> {
  const {failure, output} = await runProgram(program, args, {timeoutMs: COMMAND_TIMEOUT_MS});
  if (failure === undefined) return;
  const line = [program, ...args].map(quoteWord).join(' ');
  throw new VirtError('SYSTEM_ERROR', 'QEMU', `cannot ${what}: ${failure}: ${line}`, {
    detail: output.split('\n').filter(text => text.trim() !== ''),
    ...(hint === undefined ? {} : {hint}),
  });
}
