import {VirtError} from '../../base/virt-error.ts';
import type {DiskDef} from '../../model/devices/disk.ts';
import type {DiskSource} from '../../model/devices/disk-source.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {omitUndefined} from '../argv-parse/omit-undefined.ts';
import type {ArgvInput} from './argv-input.ts';
import {buildImageArgs} from './devices/disk-backend.ts';
import type {ImageLayer, ImageSource} from './devices/image-layers.ts';
import {type QemuArg, textArg} from './qemu-arg.ts';

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

function nodesOf({name}: ImageLayer): FlashNodes {
  return {storage: `${name}-storage`, format: `${name}-format`};
}

/** The block nodes of the firmware; undefined when it is not in flash. */
export function pflashNodes(def: DomainDef): PflashNodes | undefined {
  const [code, variables] = flashLayers(def);
  return code && {code: nodesOf(code), ...(variables ? {variables: nodesOf(variables)} : {})};
}

/** The images of the flash chips: of the code, and of the variables; none when the firmware is not in flash. */
export function flashLayers(def: DomainDef): readonly ImageLayer[] {
  const {loader} = def.os;
  if (loader?.type !== 'pflash') return [];
  const variables = variablesOf(def);
  return [
    flashLayer('pflash0', {type: 'file', path: loader.path}, loader.readonly),
    ...(variables && variables.type !== 'vhostuser' ? [flashLayer('pflash1', variables, false)] : []),
  ];
}

/** A chip is opened as a raw disk is. */
function flashLayer(name: string, source: ImageSource, readonly: boolean): ImageLayer {
  const auth = 'auth' in source ? source.auth : undefined;
  return omitUndefined({name, source, format: 'raw', isTop: true, readonly, auth});
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
  if (!loader) {
    if (def.os.firmware !== undefined) throw notChosen(def, def.os.firmware);
    return [];
  }
  const chips = flashLayers(def);
  if (chips.length === 0) return [textArg('-bios', loader.path)];
  return chips.flatMap(chip => buildImageArgs(chip, CHIP, input));
}

/** Nothing of how a disk is used is true of a chip. */
const CHIP: DiskDef = {
  kind: 'disk',
  device: 'disk',
  driver: {format: 'raw'},
  target: {dev: 'vda', bus: 'virtio'},
  readonly: false,
  shareable: false,
};

function notChosen(def: DomainDef, firmware: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its firmware: <os firmware='${firmware}'> leaves the choice to the driver, and none was made`,
    {hint: "name the image: <loader readonly='yes' type='pflash'>PATH</loader>"},
  );
}
