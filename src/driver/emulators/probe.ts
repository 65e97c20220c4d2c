import {messageOf} from '../../base/virt-error.ts';
import {systemNames} from '../../host/host-facts.ts';
import {type ChildEnd, type PipedChild, spawnPiped} from '../../host/piped-child.ts';
import {inspectProgramFormat} from '../../host/program-format.ts';
import type {EmulatorInfo} from '../../model/capabilities.ts';
import {QmpClient} from '../../monitor/qmp-client.ts';
import type {QmpObject} from '../../monitor/qmp-json.ts';
import {decodeAnswers, type RawAnswers} from './probe-answers.ts';
import {probeByHelp} from './probe-help.ts';
import {unlessRefused} from './unless-refused.ts';

/**
 * An emulator without a machine: it only answers. Since QEMU 1.2. One that is built without TCG takes `qtest`, which needs
 * nothing of the host; before 2.0 that may not be there either.
 */
export const PROBE_ARGS = [
  ...['-machine', 'none,accel=tcg:qtest:kvm', '-S', '-nodefaults', '-no-user-config', '-display', 'none'],
  ...['-qmp', 'stdio'],
];

/**
 * Classes whose properties are those of every board below them. All but the last are abstract, so that QEMU creates
 * nothing to answer: to list a board itself it makes one, and 7.2 aborts over `microvm`. The last is a PC that every
 * emulator of PCs has, for what its boards say only once they are made.
 */
const MACHINE_CLASSES = ['machine', 'x86-machine', 'generic-pc-machine', 'isapc-machine'];

const PROBE_TIMEOUT_MS = 10_000;

export interface ProbeOptions {
  /** For everything together, from the start of the process to its end. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a probe comes to; `probing` is over. */
export type ProbeResult = Exclude<EmulatorInfo, {status: 'probing'}>;

/**
 * Starts an emulator, asks it what it can do, and ends it. One of before QMP is asked for its help. It never throws: a program that hangs, crashes,
 * is no emulator or cannot be started is a result that says so. No process is left behind.
 */
export async function probeEmulator(path: string, options: ProbeOptions = {}): Promise<ProbeResult> {
  const timeoutMs = options.timeoutMs ?? PROBE_TIMEOUT_MS;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  const refusal = await inspectProgramFormat(path, systemNames().machine);
  if (refusal !== undefined) return failed(path, `it ${refusal}`);
  if (options.signal?.aborted) return failed(path, 'the probe was given up');
  const child = spawnPiped(path, PROBE_ARGS);
  signal.addEventListener('abort', () => child.kill(), {once: true}); // at once: the program may be about to end
  const client = new QmpClient(child.stream);
  try {
    const raw = await askEverything(client, {signal, timeoutMs});
    return {path, status: 'ok', caps: decodeAnswers(raw)};
  } catch (error) {
    const end = await endOf(child, signal);
    if (options.signal?.aborted) return failed(path, 'the probe was given up');
    if (limit.aborted) return failed(path, `it did not answer within ${timeoutMs / 1000} s`);
    const old = end?.how === 'exit' && end.code !== 0 ? await probeByHelp(path, signal) : undefined;
    if (old !== undefined) return {path, status: 'ok', caps: old};
    return failed(path, end === undefined ? messageOf(error) : describeEnd(end, child.errorOutput()));
  } finally {
    child.kill();
    client.dispose();
  }
}

interface Limits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** All questions in one go. None of them is `quit`: an emulator that ends drops the answers it has not got rid of yet. */
async function askEverything(client: QmpClient, limits: Limits): Promise<RawAnswers> {
  await client.negotiate(limits);
  const ask = (command: string, args?: QmpObject) => client.execute(command, args, limits);
  const askIfKnown = (command: string, args?: QmpObject) => unlessRefused(ask(command, args));
  return settled({
    version: ask('query-version'),
    target: ask('query-target'),
    machines: ask('query-machines'),
    deviceTypes: ask('qom-list-types', {implements: 'device', abstract: false}),
    deviceClasses: askIfKnown('qom-list-types', {implements: 'device', abstract: true}),
    accelerators: askIfKnown('qom-list-types', {implements: 'accel', abstract: false}),
    commands: ask('query-commands'),
    options: ask('query-command-line-options'),
    kvm: askIfKnown('query-kvm'),
    cpuModels: askIfKnown('query-cpu-definitions'),
    bestCpu: askIfKnown('query-cpu-model-expansion', {type: 'full', model: {name: 'max'}}),
    schema: askIfKnown('query-qmp-schema'),
    machineProperties: Promise.all(MACHINE_CLASSES.map(typename => askIfKnown('qom-list-properties', {typename}))),
  });
}

/** An object of promises as one promise of an object. */
async function settled<T extends object>(promises: {readonly [K in keyof T]: Promise<T[K]>}): Promise<T> {
  const entries = Object.entries(promises).map(async ([name, promise]) => [name, await promise]);
  return Object.fromEntries(await Promise.all(entries));
}

/** How the child ended by itself, where that is why it gave no answer; undefined while it has not. */
function endOf(child: PipedChild, signal: AbortSignal): Promise<ChildEnd | undefined> {
  // Its output ends a moment before the system tells that it is gone.
  const patience = child.outputEnded() ? whenAborted(signal) : Promise.resolve(undefined);
  return Promise.race([child.ended, patience]);
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(undefined), {once: true}));
}

function describeEnd(end: ChildEnd, errorOutput: string): string {
  const words = errorOutput.trim().split('\n').at(-1);
  const said = words ? `: ${words}` : '';
  switch (end.how) {
    case 'not started':
      return `it cannot be started (${end.why})`;
    case 'signal':
      return `it was killed by ${end.signal} before it had answered${said}`;
    case 'exit':
      return `it exited with status ${end.code} before it had answered${said}`;
  }
}

function failed(path: string, why: string): ProbeResult {
  return {path, status: 'failed', why};
}
