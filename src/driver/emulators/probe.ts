import {messageOf} from '../../base/virt-error.ts';
import {systemNames} from '../../host/host-facts.ts';
import {type ChildEnd, type PipedChild, spawnPiped} from '../../host/piped-child.ts';
import {inspectProgramFormat} from '../../host/program-format.ts';
import type {EmulatorInfo} from '../../model/capabilities.ts';
import {QmpClient} from '../../monitor/qmp-client.ts';
import {askEverything} from './ask-everything.ts';
import {decodeAnswers} from './probe-answers.ts';
import {probeByHelp} from './probe-help.ts';

/**
 * An emulator without a machine: it only answers. Since QEMU 1.2. One that is built without TCG takes `qtest`, which needs
 * nothing of the host; before 2.0 that may not be there either.
 */
export const PROBE_ARGS = [
  ...['-machine', 'none,accel=tcg:qtest:kvm', '-S', '-nodefaults', '-no-user-config', '-display', 'none'],
  ...['-qmp', 'stdio'],
];

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
    if (limit.aborted) return {...failed(path, `it did not answer within ${timeoutMs / 1000} s`), timedOut: true};
    const old = end?.how === 'exit' && end.code !== 0 ? await probeByHelp(path, signal) : undefined;
    if (old !== undefined) return {path, status: 'ok', caps: old};
    return failed(path, end === undefined ? messageOf(error) : describeEnd(end, child.errorOutput()));
  } finally {
    child.kill();
    client.dispose();
  }
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

function failed(path: string, why: string): Extract<ProbeResult, {status: 'failed'}> {
  return {path, status: 'failed', why};
}
