import {VirtError} from '../base/virt-error.ts';

/** TCP ports from the first to the last, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Finds free TCP ports. What it has given away stays taken until it is released: an emulator binds its port a while after
 * the port was chosen, and others start meanwhile.
 */
export class PortAllocator {
  readonly #taken = new Set<number>();

  /**
   * The first port of a range that nobody listens on and that nobody was given.
   *
   * @param host  the address that it is to be free on
   * @throws {VirtError} OPERATION_FAILED when all are taken
   */
  async choose({first, last}: PortRange, host: string): Promise<number> {
    for (let port = first; port <= last; port++) {
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      if (await canListen(port, host)) return port;
      this.#taken.delete(port);
    }
    throw new VirtError(
      'OPERATION_FAILED',
      'QEMU',
      `cannot find a free port for a screen on ${host}: ${first} to ${last} are all taken`,
    );
  }

  /** Gives ports back, once their emulator listens on them or will never do. */
  release(ports: readonly number[]): void {
    for (const port of ports) this.#taken.delete(port);
  }
}

/** Node's sockets are loaded here: at every start of the program they would cost it 3 ms. */
async function canListen(port: number, host: string): Promise<boolean> {
  const {createServer} = await import('node:net');
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({port, host, exclusive: true}, () => server.close(() => resolve(true)));
  });
}
