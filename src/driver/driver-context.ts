import type {Disposable} from '../base/disposable.ts';
import type {DriverInstance} from '../model/hypervisor.ts';
import type {DefaultsSource, DefinitionStore} from './definition-store.ts';
import type {DomainTable} from './domain-table.ts';
import type {EmulatorService} from './emulator-service.ts';
import type {InstanceLock} from './instance-lock.ts';
import type {InstancePaths} from './instance-paths.ts';

/** What a driver is made of; `open.ts` puts it together. */
export interface DriverContext {
  readonly instance: DriverInstance;
  readonly paths: InstancePaths;
  readonly table: DomainTable;
  readonly definitions: DefinitionStore;
  readonly defaults: DefaultsSource;
  readonly emulators: EmulatorService;
  /** Absent for a reader. */
  readonly lock?: InstanceLock;
  /** As whom the driver runs. */
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** Where this user's programs have their configuration. */
  readonly configHome: string;
  readonly now: () => number;
  /** The path of the instance's qemu.conf, which need not be there. */
  readonly configuration: string;
  /** The number of the next domain that is started: never used before in this instance. */
  readonly nextId: () => Promise<number>;
  /** Of a reader: begins to follow what the owner does. */
  readonly follow?: () => Promise<Disposable>;
  /** What was found wrong when it was opened, told to the first who listens. */
  readonly warnings: readonly string[];
}
