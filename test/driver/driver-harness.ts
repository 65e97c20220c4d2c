import {existsSync} from 'node:fs';
import type {Disposable} from '../../src/base/disposable.ts';
import {openDriver} from '../../src/driver/open.ts';
import type {ConsoleStream, DomainSummary, Hypervisor} from '../../src/model/hypervisor.ts';
import {writeBootSectorImage} from '../guests/boot-sector/boot-sector.ts';
import {bootSectorXml} from '../guests/domain-xml.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

/** Where the emulator of the boot sector guest is; tests that need it are skipped without. */
export const QEMU = '/usr/bin/qemu-system-x86_64';
export const hasQemu = existsSync(QEMU);

const DEADLINE_MS = 15_000;

/** A real driver on a temporary root, with what a test waits for. */
export class DriverHarness {
  readonly root: TempRoot;
  hypervisor: Hypervisor;
  #consoles: Disposable[] = [];

  private constructor(root: TempRoot, hypervisor: Hypervisor) {
    this.root = root;
    this.hypervisor = hypervisor;
  }

  static async open(): Promise<DriverHarness> {
    const root = await makeTempRoot();
    return new DriverHarness(root, await openDriver({kind: 'embed', root: root.path}, {access: 'owner'}));
  }

  /** The XML of a boot sector guest on a disk of its own, with replacements made in its text. */
  xml(name: string, ...edits: readonly (readonly [string, string])[]): string {
    const imagePath = this.root.join(`${name}.img`);
    writeBootSectorImage(imagePath);
    let text = bootSectorXml({name, imagePath});
    for (const [from, to] of edits) {
      if (!text.includes(from)) throw new Error(`the guest's XML has no '${from}':\n${text}`);
      text = text.replace(from, to);
    }
    return text;
  }

  async define(name: string, ...edits: readonly (readonly [string, string])[]): Promise<void> {
    await this.hypervisor.domainDefineXml(this.xml(name, ...edits));
  }

  /** Ends this connection as a program that quits does, and opens another. */
  async reopen(between: () => void | Promise<void> = () => {}): Promise<void> {
    await this.hypervisor.close();
    await between();
    this.hypervisor = await openDriver({kind: 'embed', root: this.root.path}, {access: 'owner'});
  }

  openReader(): Promise<Hypervisor> {
    return openDriver({kind: 'embed', root: this.root.path}, {access: 'reader'});
  }

  /** Waits for a domain to be as the test wants it. */
  async until(name: string, holds: (domain: DomainSummary) => boolean): Promise<DomainSummary> {
    const {promise, resolve} = Promise.withResolvers<DomainSummary>();
    const subscription = this.hypervisor.onDomainEvent(event => {
      if (event.type === 'changed' && event.domain.name === name && holds(event.domain)) resolve(event.domain);
    });
    try {
      const now = await this.hypervisor.domainLookup(name);
      return holds(now)
        ? now
        : await within(
            promise,
            async () => `${name}: ${JSON.stringify((await this.hypervisor.domainLookup(name)).state)}`,
          );
    } finally {
      subscription.dispose();
    }
  }

  untilOff(name: string): Promise<DomainSummary> {
    return this.until(name, domain => domain.state.is === 'shut off');
  }

  async console(name: string): Promise<ConsoleText> {
    const console = new ConsoleText(await this.hypervisor.domainOpenConsole(name));
    this.#consoles.push(console.stream);
    return console;
  }

  async dispose(): Promise<void> {
    for (const console of this.#consoles) console.dispose();
    for (const {name, state} of await this.hypervisor.listDomains()) {
      if (state.is !== 'shut off') await this.hypervisor.domainDestroy(name);
    }
    await this.hypervisor.close();
    await this.root.remove();
  }
}

/** What a viewer of a console has seen. */
export class ConsoleText {
  readonly stream: ConsoleStream;
  text = '';
  liveText = '';
  #changed = Promise.withResolvers<void>();

  constructor(stream: ConsoleStream) {
    this.stream = stream;
    const change = () => {
      this.#changed.resolve();
      this.#changed = Promise.withResolvers<void>();
    };
    stream.onStatus(change);
    stream.onData(({bytes, replay}) => {
      const part = Buffer.from(bytes).toString('latin1');
      this.text += part;
      if (!replay) this.liveText += part;
      change();
    });
  }

  type(text: string): void {
    this.stream.write(Buffer.from(text));
  }

  /** Waits until the text has been seen so many times. */
  async see(text: string, times = 1): Promise<void> {
    while (this.text.split(text).length <= times) {
      await within(
        this.#changed.promise,
        async () => `waiting for '${text}' (${times}), seen: ${JSON.stringify(this.text.slice(-500))}`,
      );
    }
  }

  async untilStatus(is: 'live' | 'ended'): Promise<void> {
    while (this.stream.status.is !== is) await within(this.#changed.promise, async () => `console to be ${is}`);
  }
}

async function within<T>(promise: Promise<T>, describe: () => Promise<string>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(async () => limit.reject(new Error(`deadline: ${await describe()}`)), DEADLINE_MS);
  return Promise.race([promise, limit.promise]).finally(() => clearTimeout(timer));
}
