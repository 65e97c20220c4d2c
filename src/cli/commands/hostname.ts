import type {CommandContext} from '../command.ts';
import {printValue} from '../print.ts';

/** `virtty hostname`. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const {hostname} = await hypervisor.nodeInfo();
  printValue(context, hostname);
}
