import {VirtError} from '../../base/virt-error.ts';
import type {CommandContext} from '../command.ts';

/**
 * `virtty` and `virtty screen`: the screen, on a connection that owns the instance, or with `--readonly` beside an owner.
 *
 * @throws {VirtError} OPERATION_INVALID when input or output is no terminal
 */
export async function run(context: CommandContext): Promise<void> {
  if (!context.io.interactive) throw noTerminal();
  const hypervisor = await context.connect(context.globals.readonly ? 'reader' : 'owner');
  const {runScreen} = await import('../../views/run-screen.tsx');
  await runScreen({hypervisor, version: context.version});
}

function noTerminal(): VirtError {
  return new VirtError('OPERATION_INVALID', 'NONE', 'cannot open the screen: input and output must be a terminal', {
    hint: "'virtty list --all' lists the domains without one, 'virtty help' shows all commands",
  });
}
