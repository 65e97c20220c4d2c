/** Names that came and went, each sorted. */
export interface NameChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** How an emulator differs from what it was when it was asked before. */
export interface CapsChanges {
  /** When it was asked before, milliseconds since 1970. */
  readonly beforeMs: number;
  readonly beforeVersion: string;
  readonly machines: NameChanges;
  readonly cpuModels: NameChanges;
  readonly devices: NameChanges;
}

/** The part of an emulator's capabilities that is compared. */
interface Compared {
  readonly version: string;
  readonly machines: readonly Named[];
  readonly cpuModels: readonly Named[];
  readonly devices: ReadonlySet<string>;
}

interface Named {
  readonly name: string;
}

/** What is new in an emulator; undefined when nothing of it is. @param beforeMs  when the older answers were given */
export function changesBetween(before: Compared, after: Compared, beforeMs: number): CapsChanges | undefined {
  const changes = {
    machines: changedNames(namesOf(before.machines), namesOf(after.machines)),
    cpuModels: changedNames(namesOf(before.cpuModels), namesOf(after.cpuModels)),
    devices: changedNames(before.devices, after.devices),
  };
  const isSame = Object.values(changes).every(({added, removed}) => added.length + removed.length === 0);
  if (isSame && before.version === after.version) return undefined;
  return {beforeMs, beforeVersion: before.version, ...changes};
}

function namesOf(named: readonly Named[]): ReadonlySet<string> {
  return new Set(named.map(({name}) => name));
}

function changedNames(before: ReadonlySet<string>, after: ReadonlySet<string>): NameChanges {
  return {
    added: [...after].filter(name => !before.has(name)).sort(),
    removed: [...before].filter(name => !after.has(name)).sort(),
  };
}
