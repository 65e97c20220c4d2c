import type {Disposable} from '../base/disposable.ts';
import {messageOf} from '../base/virt-error.ts';
import type {Capabilities, HostCapabilities, HostInfo} from '../model/capabilities.ts';
import type {CapabilitiesOptions} from '../model/hypervisor.ts';
import type {EmulatorRegistry} from './emulators/emulator-registry.ts';
import type {SnapshotPlace} from './emulators/guest-snapshot.ts';
import type {GuestOwnerContext} from './guest-owner.ts';

/**
 * The emulators of an instance, looked for when somebody asks for the first time: most commands never do,
 * and must not pay for it.
 */
export class EmulatorService implements Disposable {
  readonly #cacheDir: string;
  readonly #configuration: string;
  readonly #driver: Pick<GuestOwnerContext, 'uid' | 'gid'>;
  readonly #onChanged: (capabilities: Capabilities) => void;
  readonly #onWarning: (message: string) => void;
  #registry: Promise<EmulatorRegistry> | undefined;
  /** While it is under way. */
  #firstLook: Promise<unknown> | undefined;
  #host: Promise<HostCapabilities> | undefined;
  #disposed = false;

  constructor(options: {
    readonly cacheDir: string;
    /** The path of qemu.conf, which need not be there. */
    readonly configuration: string;
    /** As whom the driver runs. */
    readonly driver: Pick<GuestOwnerContext, 'uid' | 'gid'>;
    readonly onChanged: (capabilities: Capabilities) => void;
    readonly onWarning: (message: string) => void;
  }) {
    this.#cacheDir = options.cacheDir;
    this.#configuration = options.configuration;
    this.#driver = options.driver;
    this.#onChanged = options.onChanged;
    this.#onWarning = options.onWarning;
  }

  registry(): Promise<EmulatorRegistry> {
    this.#registry ??= this.#load();
    return this.#registry;
  }

  /** As `Hypervisor.capabilities`. */
  async capabilities({complete = false, anew = false}: CapabilitiesOptions): Promise<Capabilities> {
    const registry = await this.registry();
    this.#host = undefined; // memory and processors come and go
    if (anew) await registry.refresh({anew});
    else if (complete) await (this.#firstLook ?? registry.refresh());
    const capabilities = await this.#build(registry);
    if (anew || complete) await this.#keep(registry);
    return capabilities;
  }

  async nodeInfo(): Promise<HostInfo> {
    const {readHostInfo} = await import('./host-info/read-host-info.ts');
    return readHostInfo();
  }

  dispose(): void {
    this.#disposed = true;
    void this.#registry?.then(registry => registry.dispose());
  }

  async #load(): Promise<EmulatorRegistry> {
    const [{EmulatorRegistry: Registry}, {searchDirs}] = await Promise.all([
      import('./emulators/emulator-registry.ts'),
      import('./emulators/search-dirs.ts'),
    ]);
    const registry = new Registry({
      cacheDir: this.#cacheDir,
      searchDirs: await searchDirs(this.#configuration, this.#onWarning),
      onWarning: this.#onWarning,
    });
    registry.onChanged(() => void this.#tell(registry));
    // Told by onChanged, emulator by emulator.
    this.#firstLook = registry.refresh().finally(() => {
      this.#firstLook = undefined;
    });
    await registry.find();
    return registry;
  }

  /** For who asks the same again. */
  async #keep(registry: EmulatorRegistry): Promise<void> {
    const {keepGuests} = await import('./emulators/keep-guests.ts');
    try {
      await keepGuests(registry, this.#snapshotPlace, () => this.#build(registry));
    } catch (error) {
      this.#onWarning(`what guests this host runs is not kept: ${messageOf(error)}`);
    }
  }

  get #snapshotPlace(): SnapshotPlace {
    return {cacheDir: this.#cacheDir, configuration: this.#configuration, program: process.argv[1] ?? ''};
  }

  async #tell(registry: EmulatorRegistry): Promise<void> {
    const capabilities = await this.#build(registry);
    if (!this.#disposed) this.#onChanged(capabilities);
  }

  async #build(registry: EmulatorRegistry): Promise<Capabilities> {
    const {buildCapabilities} = await import('./emulators/capabilities.ts');
    this.#host ??= this.#readHost();
    return buildCapabilities(registry, await this.#host);
  }

  /** Read when somebody asks, not with every emulator that answers. */
  async #readHost(): Promise<HostCapabilities> {
    const [{readHostCapabilities}, {findGuestOwner}] = await Promise.all([
      import('./host-info/read-host-info.ts'),
      import('./guest-owner.ts'),
    ]);
    return readHostCapabilities(await findGuestOwner({...this.#driver, configuration: this.#configuration}));
  }
}
