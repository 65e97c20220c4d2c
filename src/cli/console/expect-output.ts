import {DisposableStore} from '../../base/disposable.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {ConsoleStream, Hypervisor} from '../../model/hypervisor.ts';
import type {CliIo, TerminalSignal} from '../cli-io.ts';
import {Expectation} from './expectation.ts';

/** What is typed into a console and waited for. */
export interface ExpectOptions {
  /** Alias of the device; else the first one. */
  readonly device?: string;
  /** Typed one after the other, each with Enter; without any, what the guest printed before counts, too. */
  readonly lines: readonly string[];
  readonly expect: RegExp;
  readonly timeoutS: number;
  /** Takes the right to type from whoever has it. */
  readonly force?: boolean;
}

const MS = 1000;
const ECHO_HINT =
  "only the guest's echo of what was typed matched, which does not count: expect its answer, or its prompt";

/**
 * Types lines into a guest's console and prints, as plain text, what comes until an expression matches.
 *
 * @throws {VirtError} OPERATION_TIMEOUT when it did not match in time, with what was seen last; OPERATION_INVALID when the
 * guest is off or goes off, OPERATION_ABORTED by a signal
 */
export async function expectOutput(
  io: CliIo,
  hypervisor: Hypervisor,
  domain: string,
  options: ExpectOptions,
): Promise<void> {
  const {device, lines} = options;
  const stream = await hypervisor.domainOpenConsole(domain, {
    ...(device === undefined ? {} : {device}),
    ...(lines.length === 0 ? {} : {historyBytes: 0}),
  });
  try {
    if (options.force) stream.claim({force: true});
    await waitForOutput(io, stream, domain, options);
  } finally {
    stream.dispose();
  }
}

async function waitForOutput(io: CliIo, stream: ConsoleStream, domain: string, options: ExpectOptions): Promise<void> {
  const {lines, expect, timeoutS} = options;
  const what = `the console of '${domain}'`;
  if (stream.status.is === 'ended') throw offError(`cannot use ${what}: the domain is not running`, domain);
  const expectation = new Expectation(expect, lines);
  const end = Promise.withResolvers<void>();
  const owned = new DisposableStore();
  let last = '';
  const failAs = (code: 'OPERATION_TIMEOUT' | 'OPERATION_ABORTED', why: string) =>
    end.reject(
      new VirtError(
        code,
        'QEMU',
        `${what}: ${why}; ${lastSeen(expectation.openLine || last)}`,
        expectation.matchesEcho ? {hint: ECHO_HINT} : {},
      ),
    );
  owned.add(io.after(timeoutS * MS, () => failAs('OPERATION_TIMEOUT', `${expect} did not come within ${timeoutS} s`)));
  owned.add(
    io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal: TerminalSignal) =>
      failAs('OPERATION_ABORTED', `closed by ${signal}`),
    ),
  );
  owned.add(
    stream.onStatus(status => {
      if (status.is === 'ended') end.reject(offError(`${what}: the domain went off before ${expect} came`, domain));
    }),
  );
  owned.add(
    stream.onData(({bytes}) => {
      const complete = expectation.take(bytes);
      last = complete.findLast(line => line.trim() !== '') ?? last;
      io.out(complete.map(line => `${line}\n`).join(''));
      if (expectation.isMet) end.resolve();
    }),
  );
  try {
    if (lines.length > 0) stream.write(new TextEncoder().encode(lines.map(line => `${line}\r`).join('')));
    await end.promise;
  } finally {
    owned.dispose();
    if (expectation.openLine !== '') io.out(`${expectation.openLine}\n`);
  }
}

function lastSeen(line: string): string {
  return line === '' ? 'nothing was seen' : `seen last: '${line.trim()}'`;
}

function offError(message: string, domain: string): VirtError {
  return new VirtError('OPERATION_INVALID', 'QEMU', message, {
    hint: `virtty start ${domain} starts it; virtty log ${domain} shows why it ended`,
  });
}
