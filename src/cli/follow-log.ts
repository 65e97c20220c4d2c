import {DisposableStore} from '../base/disposable.ts';
import type {ConsoleStream} from '../model/hypervisor.ts';
import type {CliIo} from './cli-io.ts';
import {type TimedLine, TimedLines} from './console/timed-lines.ts';

/**
 * Reads what a log had when it was opened.
 *
 * @returns its lines, and the reader with which what follows has to be read
 */
export async function readLogHistory(
  stream: ConsoleStream,
): Promise<{readonly lines: readonly TimedLine[]; readonly reader: TimedLines}> {
  const reader = new TimedLines();
  const lines: TimedLine[] = [];
  const read = Promise.withResolvers<void>();
  let left = stream.historyBytes;
  let isFirst = true;
  if (left === 0) return {lines, reader};
  const subscription = stream.onData(chunk => {
    for (const line of reader.take(chunk)) lines.push(line);
    left -= chunk.bytes.length + (isFirst ? 0 : (chunk.droppedBytes ?? 0)); // what was gone before is no history
    isFirst = false;
    if (!chunk.replay || left > 0) return;
    stream.pause();
    read.resolve();
  });
  await read.promise;
  subscription.dispose();
  return {lines, reader};
}

/** Prints the lines that come from now on, until a signal ends it or nobody reads any more. */
export async function followLog(
  stream: ConsoleStream,
  {reader, format, io}: {readonly reader: TimedLines; readonly format: (line: TimedLine) => string; readonly io: CliIo},
): Promise<void> {
  const end = Promise.withResolvers<void>();
  const owned = new DisposableStore();
  owned.add(io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], () => end.resolve()));
  owned.add(
    stream.onData(chunk => {
      const lines = reader.take(chunk);
      io.out(lines.map(line => `${format(line)}\n`).join(''));
      if (io.closed) end.resolve();
    }),
  );
  stream.resume();
  await end.promise;
  owned.dispose();
}
