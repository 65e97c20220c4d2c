import {DisposableStore} from '../base/disposable.ts';
import type {ConsoleStream} from '../model/hypervisor.ts';
import type {CliIo} from './cli-io.ts';
import {PlainLines} from './console/plain-lines.ts';

/**
 * Reads what a log had when it was opened.
 *
 * @returns its lines, and the reader with which what follows has to be read
 */
export async function readLogHistory(
  stream: ConsoleStream,
): Promise<{readonly lines: readonly string[]; readonly reader: PlainLines}> {
  const reader = new PlainLines();
  const lines: string[] = [];
  const read = Promise.withResolvers<void>();
  let left = stream.historyBytes;
  if (left === 0) return {lines, reader};
  const subscription = stream.onData(({bytes, replay}) => {
    for (const line of reader.take(bytes)) lines.push(line);
    left -= bytes.length;
    if (!replay || left > 0) return;
    stream.pause();
    read.resolve();
  });
  await read.promise;
  subscription.dispose();
  return {lines, reader};
}

/** Prints the lines that come from now on, until a signal ends it or nobody reads any more. */
export async function followLog(stream: ConsoleStream, reader: PlainLines, io: CliIo): Promise<void> {
  const end = Promise.withResolvers<void>();
  const owned = new DisposableStore();
  owned.add(io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], () => end.resolve()));
  owned.add(
    stream.onData(({bytes}) => {
      io.out(
        reader
          .take(bytes)
          .map(line => `${line}\n`)
          .join(''),
      );
      if (io.closed) end.resolve();
    }),
  );
  stream.resume();
  await end.promise;
  owned.dispose();
}
