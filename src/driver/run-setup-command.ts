import type {MonitorClient} from '../monitor/monitor-client.ts';
import type {QmpObject, QmpValue} from '../monitor/qmp-json.ts';
import type {SetupCommand} from './argv/setup-command.ts';

/** Makes a part of a guest whose emulator runs. @throws {QmpCommandError} when the emulator refuses */
export async function runSetupCommand(command: SetupCommand, monitor: MonitorClient): Promise<void> {
  await monitor.execute(command.execute, toQmp(command.arguments));
}

type Loose = {readonly [key: string]: unknown};

/** Members that are undefined are left out, as they are in JSON. */
export function toQmp(value: Loose): QmpObject {
  const pairs = Object.entries(value).flatMap(([key, part]) => {
    if (part === undefined) return [];
    const isObject = typeof part === 'object' && part !== null && !Array.isArray(part);
    // The decoder: these are JSON values, whose objects may have members that are undefined.
    return [[key, isObject ? toQmp(part as Loose) : (part as QmpValue)] as const];
  });
  return Object.fromEntries(pairs);
}
