import {messageOf} from '../../base/virt-error.ts';
import {spawnPiped} from '../../host/piped-child.ts';
import type {Accelerator} from '../../model/cpu/cpu-model.ts';
import {QmpClient} from '../../monitor/qmp-client.ts';
import type {QmpObject, QmpValue} from '../../monitor/qmp-json.ts';
import {lastWords} from './last-words.ts';

const TIMEOUT_MS = 10_000;

/** Asks one question. @throws {QmpCommandError} when it is refused */
export type AskEmulator = (command: string, args?: QmpObject) => Promise<QmpValue>;

/**
 * Starts an emulator without a machine, talks to it, and ends it.
 *
 * @param accelerator  by which its answers hold
 * @returns what `talk` gave; or a sentence without its end that says why nothing came of it, the emulator's own words first
 */
export async function talkToEmulator<T extends object>(
  path: string,
  accelerator: Accelerator,
  talk: (ask: AskEmulator) => Promise<T>,
): Promise<T | string> {
  const child = spawnPiped(path, [
    ...['-machine', `none,accel=${accelerator}`, '-S', '-nodefaults', '-no-user-config'],
    ...['-display', 'none', '-qmp', 'stdio'],
  ]);
  const limits = {signal: AbortSignal.timeout(TIMEOUT_MS), timeoutMs: TIMEOUT_MS};
  limits.signal.addEventListener('abort', () => child.kill(), {once: true});
  const client = new QmpClient(child.stream);
  try {
    await client.negotiate(limits);
    return await talk((command, args) => client.execute(command, args, limits));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return (await lastWords(child)) || messageOf(error);
  } finally {
    child.kill();
    client.dispose();
  }
}
