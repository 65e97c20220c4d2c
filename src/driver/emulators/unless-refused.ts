import {QmpCommandError} from '../../monitor/qmp-client.ts';
import type {QmpValue} from '../../monitor/qmp-json.ts';

/** The answer; undefined to a command that this emulator does not have, or does not take here. */
export async function unlessRefused(answer: Promise<QmpValue>): Promise<QmpValue | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof QmpCommandError) return undefined;
    throw error;
  }
}
