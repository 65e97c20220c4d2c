import {messageOf} from '../../../base/virt-error.ts';
import {spawnPiped} from '../../../host/piped-child.ts';
import type {EmulatorCaps, KvmStatus} from '../../../model/capabilities.ts';
import type {Accelerator} from '../../../model/cpu/cpu-model.ts';
import {QmpClient} from '../../../monitor/qmp-client.ts';
import {asString, type QmpObject} from '../../../monitor/qmp-json.ts';
import {cpuExpansionOf} from '../cpu-expansion.ts';
import {cpuModelsOf} from '../cpu-models.ts';
import {lastWords} from '../last-words.ts';
import {unlessRefused} from '../unless-refused.ts';
import type {KvmVisit} from './kvm-visit.ts';
import {TRIAL_END, TRIAL_STEPS, type TrialGuest} from './trial-guest.ts';

/** The guest ends after some milliseconds where KVM works. */
const RUN_MS = 1000;
/** For the start of the emulator and its answers. */
const START_MS = 10_000;

const SERIAL_BYTES = 64;

export interface VisitOptions {
  readonly path: string;
  readonly caps: EmulatorCaps;
  readonly guest: TrialGuest;
  /** A file with the guest's image. */
  readonly imagePath: string;
  readonly signal?: AbortSignal;
  /** Instead of KVM, for tests of the guest itself. */
  readonly accelerator?: Accelerator;
  /** Instead of a second. */
  readonly runMs?: number;
}

/**
 * Runs a guest with KVM for a moment, and asks the emulator about processors meanwhile. It never throws: what goes wrong is a
 * status that says so. No process is left behind.
 *
 * @returns undefined when the emulator has no board for the guest, or was given up
 */
export async function visitKvm(options: VisitOptions): Promise<KvmVisit | undefined> {
  const board = options.guest.boards.find(name => options.caps.machines.some(machine => machine.name === name));
  if (board === undefined) return undefined;
  const child = spawnPiped(options.path, trialArgs(board, options));
  const limit = AbortSignal.timeout(START_MS + (options.runMs ?? RUN_MS));
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  signal.addEventListener('abort', () => child.kill(), {once: true});
  const client = new QmpClient(child.stream);
  let hasStarted = false;
  try {
    await client.negotiate({signal});
    hasStarted = true;
    const cpus = await askCpus(client, signal);
    return {status: await runGuest(client, signal, options.runMs ?? RUN_MS), ...cpus};
  } catch (error) {
    if (options.signal?.aborted) return undefined;
    const words = (await lastWords(child)) || messageOf(error);
    const what = hasStarted ? 'fails while a guest runs with it' : 'does not start with it';
    return {status: refused(`${options.path} ${what}: ${words}`), lacks: new Map()};
  } finally {
    child.kill();
    client.dispose();
  }
}

function trialArgs(board: string, {guest, imagePath, accelerator = 'kvm'}: VisitOptions): readonly string[] {
  const properties = accelerator === 'kvm' ? guest.boardProperties : [];
  const cpu = accelerator === 'kvm' ? guest.cpu : guest.cpu && 'max';
  return [
    ...['-machine', [board, `accel=${accelerator}`, ...properties].join(',')],
    ...(cpu === undefined ? [] : ['-cpu', cpu]),
    ...['-m', '16', '-bios', imagePath],
    ...['-S', '-no-reboot', '-no-shutdown', '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-chardev', `ringbuf,id=trial,size=${SERIAL_BYTES}`, '-serial', 'chardev:trial', '-qmp', 'stdio'],
  ];
}

async function askCpus(client: QmpClient, signal: AbortSignal): Promise<Pick<KvmVisit, 'lacks' | 'hostCpu'>> {
  const ask = (command: string, args?: QmpObject) => unlessRefused(client.execute(command, args, {signal}));
  const expansion = (migratable?: boolean) => {
    const props = migratable === undefined ? {} : {props: {migratable}};
    return ask('query-cpu-model-expansion', {type: 'full', model: {name: 'host', ...props}});
  };
  // Only a PC's processor knows whether it may move.
  const [models, movable, unbound, plain] = await Promise.all([
    ask('query-cpu-definitions'),
    expansion(true),
    expansion(false),
    expansion(),
  ]);
  const lacks = cpuModelsOf(models, 'kvm').flatMap(({name, lacks: {kvm}}) => (kvm ? [[name, kvm] as const] : []));
  const hostCpu = cpuExpansionOf(movable ?? plain, movable === undefined ? undefined : unbound);
  return {lacks: new Map(lacks), ...(hostCpu === undefined ? {} : {hostCpu})};
}

/** How a run of the guest ended. */
type RunEnd = 'ended' | 'stopped' | 'late';

async function runGuest(client: QmpClient, signal: AbortSignal, runMs: number): Promise<KvmStatus> {
  const {promise, resolve} = Promise.withResolvers<RunEnd>();
  client.onEvent(({name}) => {
    if (name === 'SHUTDOWN') resolve('ended');
    else if (name === 'STOP') resolve('stopped'); // an error of KVM; after SHUTDOWN it says nothing new
  });
  await client.execute('cont', undefined, {signal});
  const timer = setTimeout(() => resolve('late'), runMs);
  client.onClosed(() => resolve('stopped'));
  const end = await promise;
  clearTimeout(timer);
  const text = asString(await client.execute('ringbuf-read', {device: 'trial', size: SERIAL_BYTES}, {signal})) ?? '';
  return end === 'ended' && text.endsWith(TRIAL_END) ? {usable: true, tried: true} : refused(whyNot(end, text, runMs));
}

function whyNot(end: RunEnd, text: string, runMs: number): string {
  const steps = [...text].flatMap(letter => TRIAL_STEPS[letter] ?? []);
  const last = steps.at(-1);
  const progress = last === undefined ? 'did nothing at all' : `got no further than ${last}`;
  const how = {
    late: `${progress} within ${runMs / 1000} s`,
    stopped: `was stopped by an error of KVM: it ${progress}`,
    ended: `crashed: it ${progress}`,
  }[end];
  return `it runs no guest: one that was tried ${how}`;
}

function refused(why: string): KvmStatus {
  return {usable: false, why: `/dev/kvm opens, but ${why}`};
}
