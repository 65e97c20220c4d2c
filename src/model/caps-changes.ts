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

const SHOWN_NAMES = 8;

/** What changed, a line for each kind of it, e.g. `machines: + pc-q35-8.0, - pc-0.12`. The names are outside text. */
export function describeChanges(version: string, changes: CapsChanges): readonly string[] {
  const {beforeVersion, machines, cpuModels, devices} = changes;
  const kinds = Object.entries({machines, processors: cpuModels, devices});
  return [
    ...(beforeVersion === version ? [] : [`version: ${beforeVersion} -> ${version}`]),
    ...kinds.flatMap(([kind, names]) => describeNames(kind, names)),
  ];
}

function describeNames(kind: string, {added, removed}: NameChanges): readonly string[] {
  const all = [...added.map(name => `+ ${name}`), ...removed.map(name => `- ${name}`)];
  const rest = all.length - SHOWN_NAMES;
  const shown = rest > 1 ? [...all.slice(0, SHOWN_NAMES), `and ${rest} more`] : all;
  return all.length === 0 ? [] : [`${kind}: ${shown.join(', ')}`];
}
