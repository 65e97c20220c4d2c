import type {DomainState} from '../model/domain-state.ts';

/** What is known of an emulator that is gone. */
export interface EmulatorEnd {
  /** What its last events announced. */
  readonly announced?: Extract<DomainState, {is: 'shut off'}>['reason'];
  /** From its keeper: the exit code, or 128 + signal; absent when the keeper was killed too. */
  readonly exitStatus?: number;
  /** What it printed in this run, oldest first. */
  readonly printed: readonly string[];
}

/** The signals that end emulators in practice. Source: signal(7), numbers of x86 and ARM. */
const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

const EXPLAINED: Readonly<Record<number, string>> = {
  9: 'the kernel does that when memory runs out (look into dmesg), or somebody did',
  31: 'its seccomp sandbox refused a system call',
};

/** How a domain ended, and what there is to say about it: the emulator's words, then ours. */
export interface EndReport {
  readonly state: Extract<DomainState, {is: 'shut off'}>;
  readonly lastWords: readonly string[];
}

/**
 * Decides how a domain ended: by what the emulator announced, else by how its process ended. An emulator that ends
 * with 0 on its own was asked to, by its guest or by a signal that it names in its last line.
 */
export function reportEnd({announced, exitStatus, printed}: EmulatorEnd): EndReport {
  const verdict = exitStatus === undefined ? undefined : exitSentence(exitStatus);
  const lastWords = verdict === undefined ? printed : [...printed, verdict];
  const reason = announced ?? inferReason(exitStatus, printed);
  return {state: {is: 'shut off', reason}, lastWords};
}

function inferReason(exitStatus: number | undefined, printed: readonly string[]): EndReport['state']['reason'] {
  if (exitStatus === undefined) return 'unknown';
  if (exitStatus !== 0) return 'crashed';
  // QEMU 7.2, os-posix.c and softmmu/runstate.c: "terminating on signal N from pid P (NAME)"
  return printed.some(line => line.includes('terminating on signal')) ? 'destroyed' : 'shutdown';
}

/** A sentence on how the process ended; nothing to say when it was in order. */
function exitSentence(exitStatus: number): string | undefined {
  if (exitStatus === 0) return undefined;
  if (exitStatus <= 128) return `the emulator ended with exit status ${exitStatus}`;
  const signal = exitStatus - 128;
  const name = SIGNALS[signal] ?? `signal ${signal}`;
  const why = EXPLAINED[signal];
  return why === undefined ? `the emulator was killed by ${name}` : `the emulator was killed by ${name}: ${why}`;
}

/** The newest lines of what an emulator printed: without time stamps, and without what every run says. */
export function wordsOf(logText: string, maxLines = 20): readonly string[] {
  return logText
    .split(/\r?\n/)
    .filter(line => !OWN_LINE.test(line))
    .map(line => line.replace(TIME_STAMP, '').trimEnd())
    .filter(line => line !== '' && !PTY_LINE.test(line))
    .slice(-maxLines);
}

/** As `-msg timestamp=on` and virtty itself write it. */
const TIME_STAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;
/** Lines that virtty itself writes into a domain's log. */
const OWN_LINE = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?virtty: /;
/** QEMU 7.2, chardev/char.c: told for every pty, of an emulator that fails, too. */
const PTY_LINE = /^char device redirected to /;
