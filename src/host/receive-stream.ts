import {once} from 'node:events';
import {constants} from 'node:fs';
import {open} from 'node:fs/promises';
import {createServer, type Socket} from 'node:net';
import {pipeline} from 'node:stream/promises';
import type {Disposable} from '../base/disposable.ts';
import {fileError} from './files.ts';
import {giveFile} from './give-file.ts';

export interface ReceiveOptions {
  /** Not there yet. */
  readonly socket: string;
  /** Who may connect; whoever listens if not said. */
  readonly owner?: {readonly uid: number; readonly gid: number};
  /** A file that is there: what comes is appended. */
  readonly path: string;
}

/** What one client of a socket sends, on its way into a file. */
export interface ReceivedStream extends Disposable {
  /** How much has been written. */
  readonly bytes: number;
  /** Why no more can be written; absent while it can. */
  readonly failure: Error | undefined;
  /** All has come and was written. @throws {VirtError} SYSTEM_ERROR when it cannot be written, or it was disposed */
  readonly ended: Promise<void>;
}

/**
 * Listens on a unix socket for one client, and appends what it sends to a file. A file that takes no more closes the connection,
 * so the client hears of it.
 *
 * @throws {VirtError} SYSTEM_ERROR
 */
export async function receiveStream({socket: place, owner, path}: ReceiveOptions): Promise<ReceivedStream> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW).catch(
    (error: unknown) => {
      throw fileError('write', path, error);
    },
  );
  const writer = file.createWriteStream();
  const server = createServer();
  let failure: Error | undefined;
  let client: Socket | undefined;
  const {promise: ended, resolve, reject} = Promise.withResolvers<void>();
  ended.catch(() => {}); // told to who waits for it, and by `failure`
  server.maxConnections = 1;
  server.once('connection', connection => {
    client = connection;
    server.close(); // no other client
    pipeline(connection, writer).then(resolve, (error: unknown) => {
      failure = fileError('write', path, error);
      reject(failure);
    });
  });
  const dispose = () => {
    server.close();
    client?.destroy();
    writer.destroy();
    reject(new Error('the stream is not waited for any more'));
  };
  try {
    server.listen(place);
    await once(server, 'listening');
    if (owner) await giveFile(place, 'socket', owner);
  } catch (error) {
    dispose();
    throw fileError('listen on', place, error);
  }
  return {
    ended,
    dispose,
    get bytes() {
      return writer.bytesWritten;
    },
    get failure() {
      return failure;
    },
  };
}
