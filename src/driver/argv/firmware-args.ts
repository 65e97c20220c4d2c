import {VirtError} from '../../base/virt-error.ts';
import type {DiskDef} from '../../model/devices/disk.ts';
import type {DiskSource} from '../../model/devices/disk-source.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {storageOptions} from './devices/disk-storage.ts';
import {jsonArg, type QemuArg, textArg} from './qemu-arg.ts';

/** The names of the two block nodes of a flash chip. */
export interface FlashNodes {
  readonly storage: string;
  readonly format: string;
}

/** The chips that the board gets: the code, and the variables where they are in a chip of their own. */
export interface PflashNodes {
  readonly code: FlashNodes;
  readonly variables?: FlashNodes;
}

function nodesOf(unit: 0 | 1): FlashNodes {
  return {storage: `pflash${unit}-storage`, format: `pflash${unit}-format`};
}

/** The block nodes of the firmware; undefined when it is not in flash. */
export function pflashNodes(def: DomainDef): PflashNodes | undefined {
  if (def.os.loader?.type !== 'pflash') return undefined;
  return {code: nodesOf(0), ...(variablesOf(def) ? {variables: nodesOf(1)} : {})};
}

/** Where the firmware keeps its variables: in a file of the domain's own, which must be named by now. */
function variablesOf({os}: DomainDef): DiskSource | undefined {
  if (os.loader?.stateless) return undefined;
  const {path, source} = os.nvram ?? {};
  return source ?? (path === undefined ? undefined : {type: 'file', path});
}

/**
 * The firmware image: `-bios`, or two block nodes for each flash chip, which `-machine pflash0=` refers to.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when the definition leaves the choice to us and none was made
 */
export function buildFirmwareArgs(input: ArgvInput): readonly QemuArg[] {
  const {def} = input;
  const {loader} = def.os;
  const nodes = pflashNodes(def);
  if (!loader) {
    if (def.os.firmware !== undefined) throw notChosen(def, def.os.firmware);
    return [];
  }
  if (!nodes) return [textArg('-bios', loader.path)];
  const variables = variablesOf(def);
  return [
    ...flashArgs(nodes.code, {type: 'file', path: loader.path}, loader.readonly, input),
    ...(nodes.variables && variables ? flashArgs(nodes.variables, variables, false, input) : []),
  ];
}

function flashArgs(
  {storage, format}: FlashNodes,
  source: DiskSource,
  readonly: boolean,
  input: ArgvInput,
): readonly QemuArg[] {
  return [
    jsonArg('-blockdev', {
      ...storageOptions(source, chipOf(source), input),
      'node-name': storage,
      'auto-read-only': true,
      discard: 'unmap',
    }),
    jsonArg('-blockdev', {'node-name': format, 'read-only': readonly, driver: 'raw', file: storage}),
  ];
}

/** A chip is opened as a raw disk is. */
function chipOf(source: DiskSource): DiskDef {
  return {
    kind: 'disk',
    device: 'disk',
    driver: {format: 'raw'},
    target: {dev: 'vda', bus: 'virtio'},
    readonly: false,
    shareable: false,
    source,
  };
}

function notChosen(def: DomainDef, firmware: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its firmware: <os firmware='${firmware}'> leaves the choice to the driver, and none was made`,
    {hint: "name the image: <loader readonly='yes' type='pflash'>PATH</loader>"},
  );
}
