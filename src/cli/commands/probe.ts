import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {Capabilities, EmulatorInfo} from '../../model/capabilities.ts';
import {describeChanges} from '../../model/caps-changes.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import type {CliIo} from '../cli-io.ts';
import type {CommandContext} from '../command.ts';
import {formatLocalMinute} from '../format/local-minute.ts';
import {printEmulators} from './emulators.ts';

/** `virtty probe`: asks every emulator again, and says what is new in them. */
export async function run(context: CommandContext): Promise<void> {
  const hypervisor = await context.connect();
  const before = await hypervisor.capabilities();
  const capabilities = await probeWithProgress(hypervisor, context.io);
  printEmulators(context, capabilities);
  if (context.globals.json || context.globals.quiet) return;
  for (const line of newsLines(before, capabilities)) context.io.out(`${sanitiseUntrusted(line)}\n`);
}

/** A line on stderr, where that is a terminal, says how far it is. */
async function probeWithProgress(hypervisor: Hypervisor, io: CliIo): Promise<Capabilities> {
  const isShown = io.stderr.isTTY === true;
  const subscription = hypervisor.onDomainEvent(event => {
    if (event.type !== 'capabilities' || !isShown) return;
    const {emulators} = event.capabilities;
    const done = emulators.filter(({status}) => status !== 'probing').length;
    io.err(`\r\x1b[Kprobing the emulators: ${done} of ${emulators.length}`);
  });
  try {
    return await hypervisor.capabilities({anew: true});
  } finally {
    subscription.dispose();
    if (isShown) io.err('\r\x1b[K');
  }
}

/** What this probe found that was not known before it. */
function newsLines(before: Capabilities, {emulators}: Capabilities): readonly string[] {
  const known = new Map(before.emulators.map(info => [info.path, sinceMs(info)]));
  return emulators.flatMap(info => {
    const changes = info.status === 'ok' ? info.learnt?.changes : undefined;
    if (info.status !== 'ok' || !changes || known.get(info.path) === sinceMs(info)) return [];
    const since = `${info.path} has changed since ${formatLocalMinute(changes.beforeMs)}:`;
    return ['', since, ...describeChanges(info.caps.version, changes).map(line => `  ${line}`)];
  });
}

function sinceMs(info: EmulatorInfo): number | undefined {
  return info.status === 'ok' ? info.learnt?.sinceMs : undefined;
}
