import type {CommandContext} from '../command.ts';
import {printValue} from '../print.ts';

/** `virtty uri`. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  printValue(context, hypervisor.instance.uri);
}
