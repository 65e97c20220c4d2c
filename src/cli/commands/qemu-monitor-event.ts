import {type Disposable, DisposableStore} from '../../base/disposable.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import type {MonitorEvent} from '../../model/hypervisor.ts';
import type {TerminalSignal} from '../cli-io.ts';
import type {CommandContext} from '../command.ts';
import type {CommandArgs} from '../command-args.ts';
import {findDomain} from '../find-domain.ts';
import {monitorEventJson, monitorEventText} from '../format/monitor-event-text.ts';
import {printDone} from '../print.ts';
import {UsageError} from '../usage-error.ts';

/** The longest time that Node's timers know, 24 days; without a timer Node ends a program that waits for signals only. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

type End = 'one' | 'timeout' | 'output closed' | TerminalSignal;

/**
 * `virtty qemu-monitor-event [DOMAIN] [--event NAME] [--regex] [--no-case] [--loop] [--timeout S] [--timestamp] [--pretty]`,
 * as virsh of libvirt 9.0.0 has it.
 */
export async function run(context: CommandContext): Promise<void> {
  const {args} = context;
  const isWanted = eventFilter(args);
  const limitMs = Math.min((args.count('timeout') ?? Number.POSITIVE_INFINITY) * 1000, LONGEST_WAIT_MS);
  const hypervisor = await context.connect();
  const [word] = args.words('domain');
  const options = word === undefined ? {} : {domain: (await findDomain(hypervisor, word)).name};
  let count = 0;
  const end = Promise.withResolvers<End>();
  const owned = new DisposableStore();
  const handleEvent = (event: MonitorEvent) => {
    if (!isWanted(event.name) || (count > 0 && !args.has('loop'))) return;
    count++;
    printEvent(context, event);
    if (!args.has('loop')) end.resolve('one');
    else if (context.io.closed) end.resolve('output closed');
  };
  try {
    owned.add(context.io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], signal => end.resolve(signal)));
    owned.add(warnOn(context, hypervisor));
    owned.add(context.io.after(limitMs, () => end.resolve('timeout')));
    owned.add(await hypervisor.domainMonitorEvents(handleEvent, options));
    sayEnd(context, await end.promise, count, limitMs);
  } finally {
    owned.dispose();
  }
}

function printEvent({io, globals, args}: CommandContext, event: MonitorEvent): void {
  const style = {timestamp: args.has('timestamp'), pretty: args.has('pretty')};
  io.out(globals.json ? monitorEventJson(event) : monitorEventText(event, style));
}

function warnOn({io}: CommandContext, hypervisor: Awaited<ReturnType<CommandContext['connect']>>): Disposable {
  return hypervisor.onDomainEvent(event => {
    if (event.type === 'warning') io.err(`warning: ${sanitiseUntrusted(event.message)}\n`);
  });
}

/** Says how it ended, in the words of virsh. @throws {VirtError} when no event came */
function sayEnd(context: CommandContext, end: End, count: number, limitMs: number): void {
  if (end === 'timeout') printDone(context, 'event loop timed out');
  else if (end !== 'one') printDone(context, 'event loop interrupted');
  printDone(context, `events received: ${count}`);
  if (count > 0) return;
  if (end === 'timeout')
    throw new VirtError('OPERATION_TIMEOUT', 'QEMU', `no such event came within ${limitMs / 1000} s`);
  throw new VirtError('OPERATION_ABORTED', 'QEMU', `no such event came before ${end}`);
}

/** @throws {UsageError} for what is no regular expression */
function eventFilter(args: CommandArgs): (name: string) => boolean {
  const wanted = args.value('event');
  if (wanted === undefined) return () => true;
  if (args.has('regex')) {
    try {
      const pattern = new RegExp(wanted, args.has('no-case') ? 'i' : '');
      return name => pattern.test(name);
    } catch (error) {
      throw new UsageError(`option --event: ${messageOf(error)}`);
    }
  }
  if (args.has('no-case')) return name => name.toLowerCase() === wanted.toLowerCase();
  return name => name === wanted;
}
