import type {Disposable} from '../base/disposable.ts';
import type {Capabilities, HostInfo} from '../model/capabilities.ts';
import type {EmulatorRegistry} from './emulators/emulator-registry.ts';

/**
 * The emulators of an instance, looked for when somebody asks for the first time: most commands never do,
 * and must not pay for it.
 */
export class EmulatorService implements Disposable {
  readonly #cacheDir: string;
  readonly #onChanged: (capabilities: Capabilities) => void;
  readonly #onWarning: (message: string) => void;
  #registry: Promise<EmulatorRegistry> | undefined;
  #disposed = false;

  constructor(options: {
    readonly cacheDir: string;
    readonly onChanged: (capabilities: Capabilities) => void;
    readonly onWarning: (message: string) => void;
  }) {
    this.#cacheDir = options.cacheDir;
    this.#onChanged = options.onChanged;
    this.#onWarning = options.onWarning;
  }

  registry(): Promise<EmulatorRegistry> {
    this.#registry ??= this.#load();
    return this.#registry;
  }

  /** @param complete  waits until every emulator has answered or failed */
  async capabilities(complete: boolean): Promise<Capabilities> {
    const registry = await this.registry();
    if (complete) await registry.refresh();
    return this.#build(registry);
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
    const {EmulatorRegistry: Registry} = await import('./emulators/emulator-registry.ts');
    const registry = new Registry({cacheDir: this.#cacheDir, onWarning: this.#onWarning});
    registry.onChanged(() => void this.#tell(registry));
    await registry.find();
    void registry.refresh(); // told by onChanged, emulator by emulator
    return registry;
  }

  async #tell(registry: EmulatorRegistry): Promise<void> {
    const capabilities = await this.#build(registry);
    if (!this.#disposed) this.#onChanged(capabilities);
  }

  async #build(registry: EmulatorRegistry): Promise<Capabilities> {
    const {buildCapabilities} = await import('./emulators/capabilities.ts');
    return buildCapabilities(registry, await this.nodeInfo());
  }
}
