import {fileExists, readTextIfThere, writeTextAtomically} from '../../host/files.ts';

/** What the names of devices begin with that a start makes. */
export type NetPrefix = 'vnet' | 'macvtap';

/** Where the kernel lists the network devices of this process's network. */
const NET_DEVICES = '/sys/class/net';

/**
 * Names for tap devices: `vnet0`, `vnet1`, ... No name is given twice while the host is up, so that what somebody noted
 * of a device never speaks of another one; names that anybody else uses are passed over.
 */
export class NetNames {
  readonly #runDir: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param runDir  the instance's runtime directory, where the last numbers are kept */
  constructor(runDir: string) {
    this.#runDir = runDir;
  }

  /** So many new names, which nobody gets again. @throws {VirtError} SYSTEM_ERROR */
  take(prefix: NetPrefix, count: number): Promise<readonly string[]> {
    // One after the other: starts run at once.
    const taken = this.#last.then(async () => {
      const numbers = await this.#next(prefix, count);
      const last = numbers.at(-1);
      if (last !== undefined) await writeTextAtomically(this.#path(prefix), String(last), {sync: false});
      return numbers.map(number => `${prefix}${number}`);
    });
    this.#last = taken.catch(() => {}); // told to who asked
    return taken;
  }

  /** The names that would be given now. */
  async look(prefix: NetPrefix, count: number): Promise<readonly string[]> {
    return (await this.#next(prefix, count)).map(number => `${prefix}${number}`);
  }

  async #next(prefix: NetPrefix, count: number): Promise<readonly number[]> {
    const last = Number.parseInt((await readTextIfThere(this.#path(prefix))) ?? '-1', 10);
    const numbers: number[] = [];
    for (let number = Number.isNaN(last) ? 0 : last + 1; numbers.length < count; number++) {
      if (!(await fileExists(`${NET_DEVICES}/${prefix}${number}`))) numbers.push(number);
    }
    return numbers;
  }

  #path(prefix: NetPrefix): string {
    return `${this.#runDir}/last-${prefix}`;
  }
}
