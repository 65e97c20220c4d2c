import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {Capabilities, EmulatorInfo} from '../../model/capabilities.ts';
import {CachedTree} from '../tree/cached-tree.ts';
import type {TreeSource} from '../tree/reduce-tree.ts';
import type {TreeEntry} from '../tree/tree-node.ts';
import {changesEntry, emulatorEntries, emulatorWords, type KnownEmulator} from './emulator-entries.ts';
import {counted, hostEntries} from './host-entries.ts';

/** Host, what changed, guests by architecture, and what could not be asked. */
export function capabilitiesEntries(
  capabilities: Capabilities,
  asking: ReadonlySet<string> = new Set(),
): readonly TreeEntry[] {
  const {host, emulators} = capabilities;
  const failed = emulators.filter(info => info.status === 'failed');
  const changed = emulators.filter(info => info.status === 'ok').filter(({learnt}) => learnt?.changes !== undefined);
  return [
    {
      key: 'host',
      label: 'Host',
      labelRole: 'strong',
      value: sanitiseUntrusted(host.hostname),
      isOpenFirst: true,
      children: () => hostEntries(host),
    },
    ...(changed.length === 0 ? [] : [changedEntry(changed)]),
    emulators.length === 0 ? noEmulatorEntry(capabilities) : guestsEntry(capabilities, asking),
    ...(failed.length === 0
      ? []
      : [
          {
            key: 'failed',
            label: 'Could not be asked',
            labelRole: 'strong',
            value: counted(failed.length, 'program'),
            role: 'danger',
            isOpenFirst: true,
            children: () => failed.map(failedEntry),
          } as const,
        ]),
  ];
}

function failedEntry({path, why}: Extract<EmulatorInfo, {status: 'failed'}>): TreeEntry {
  const name = sanitiseUntrusted(path);
  return {
    key: path,
    label: name.slice(name.lastIndexOf('/') + 1),
    value: `${name}: ${sanitiseUntrusted(why)}`,
    wraps: true,
    copy: name,
  };
}

function changedEntry(changed: readonly KnownEmulator[]): TreeEntry {
  return {
    key: 'changed',
    label: 'Changed',
    labelRole: 'strong',
    value: `${counted(changed.length, 'emulator')} since they were asked before`,
    role: 'accent',
    children: () =>
      changed.flatMap(({path, caps, learnt}) =>
        learnt?.changes
          ? [{...changesEntry(learnt.changes, caps), key: path, label: baseName(path), emulator: path}]
          : [],
      ),
  };
}

function guestsEntry({host, emulators}: Capabilities, again: ReadonlySet<string>): TreeEntry {
  const known = emulators.filter(info => info.status === 'ok');
  const byArch = Map.groupBy(known, ({caps}) => caps.arch);
  const arches = [...byArch].toSorted(([a], [b]) => (a === host.arch ? -1 : b === host.arch ? 1 : a < b ? -1 : 1));
  const probing = emulators.filter(info => info.status === 'probing');
  const asked = probing.length + again.size;
  const asking = asked === 0 ? '' : `; asking ${asked}`;
  const guests: Guests = {host, again};
  return {
    key: 'guests',
    label: 'Guests',
    labelRole: 'strong',
    value: `${counted(arches.length, 'architecture')}, ${counted(known.length, 'emulator')}${asking}`,
    isOpenFirst: true,
    children: () => [
      ...arches.map(([arch, own]) => archEntry(arch, own, guests)),
      ...probing.map(({path}) => ({key: path, label: archOfPath(path), value: 'asking', role: 'accent'}) as const),
    ],
  };
}

interface Guests {
  readonly host: Capabilities['host'];
  /** Paths of those that are shown as they were, while they are asked again. */
  readonly again: ReadonlySet<string>;
}

/** One emulator stands for its architecture; several are told apart. */
function archEntry(arch: string, own: readonly KnownEmulator[], guests: Guests): TreeEntry {
  const [first] = own;
  const label = sanitiseUntrusted(arch);
  if (!first) return {key: arch, label};
  const entry = emulatorEntry(first, guests);
  if (own.length === 1) return {...entry, key: arch, label};
  const more = `${entry.value ?? ''}, and ${own.length - 1} more`;
  return {...entry, key: arch, label, value: more, children: () => own.map(one => emulatorEntry(one, guests))};
}

function emulatorEntry(emulator: KnownEmulator, {host, again}: Guests): TreeEntry {
  const {path} = emulator;
  const words = emulatorWords(emulator, host);
  return {
    key: path,
    label: baseName(path),
    value: again.has(path) ? `${words}  asking again` : words,
    ...(again.has(path) ? {role: 'accent'} : {}),
    emulator: path,
    children: () => emulatorEntries(emulator, host),
  };
}

function baseName(path: string): string {
  return sanitiseUntrusted(path.slice(path.lastIndexOf('/') + 1));
}

function archOfPath(path: string): string {
  return baseName(path).replace(/^qemu-system-/, '');
}

function noEmulatorEntry({searched}: Capabilities): TreeEntry {
  return {
    key: 'guests',
    label: 'Guests',
    labelRole: 'strong',
    value: 'No QEMU was found: no domain can be started',
    role: 'danger',
    isOpenFirst: true,
    children: () => [
      {
        key: 'looked',
        label: 'Looked in',
        labelRole: 'muted',
        value: searched.map(path => sanitiseUntrusted(path)).join(', '),
        wraps: true,
      },
      {
        key: 'install',
        label: 'Install',
        labelRole: 'muted',
        value: 'as root: apt-get install qemu-system-x86; then :probe',
        wraps: true,
      },
    ],
  };
}

/**
 * The tree of the capabilities pane. What it was last asked for it keeps, since every key and every frame asks; and what
 * an emulator was, while that is asked again.
 */
export class CapabilitiesTree {
  readonly #tree = new CachedTree((capabilities: Capabilities | undefined) =>
    capabilities ? this.#entriesOf(capabilities) : [],
  );
  #known: ReadonlyMap<string, EmulatorInfo> = new Map();

  of(capabilities: Capabilities | undefined): TreeSource {
    return this.#tree.of(capabilities);
  }

  #entriesOf(capabilities: Capabilities): readonly TreeEntry[] {
    const again = new Set<string>();
    const emulators = capabilities.emulators.map(info => {
      const before = info.status === 'probing' ? this.#known.get(info.path) : undefined;
      if (before) again.add(info.path);
      return before ?? info;
    });
    this.#known = new Map(emulators.filter(({status}) => status === 'ok').map(info => [info.path, info]));
    return capabilitiesEntries({...capabilities, emulators}, again);
  }
}
