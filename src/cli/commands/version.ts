import type {CommandContext} from '../command.ts';
import {printData} from '../print.ts';

/** `virtty version`. */
export async function run(context: CommandContext): Promise<void> {
  printData(context, `virtty ${context.version}\n`, {virtty: context.version});
}
