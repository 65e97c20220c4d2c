/**
 * The ports of a USB controller or of a hub on one, and the hubs at them. A place is a path like `1.3`: port 3 of the hub
 * at port 1.
 */
export class UsbHub {
  readonly #ports: number;
  readonly #used = new Set<number>();
  readonly #hubs = new Map<number, UsbHub>();

  constructor(ports: number) {
    this.#ports = ports;
  }

  /** Takes a place, with a hub at it where that is to be one. A place that is not there is left to the emulator to refuse. */
  reserve(path: string, hub?: UsbHub): void {
    const [first = '', ...rest] = path.split('.');
    const port = Number(first);
    if (rest.length > 0) {
      this.#hubs.get(port)?.reserve(rest.join('.'), hub);
      return;
    }
    this.#used.add(port);
    if (hub) this.#hubs.set(port, hub);
  }

  /** The first free place: one of its own, else on the hubs at it in their order; undefined when all are taken. */
  freePath(): string | undefined {
    for (let port = 1; port <= this.#ports; port++) if (!this.#used.has(port)) return String(port);
    for (const [port, hub] of [...this.#hubs].toSorted(([a], [b]) => a - b)) {
      const path = hub.freePath();
      if (path !== undefined) return `${port}.${path}`;
    }
    return undefined;
  }
}
