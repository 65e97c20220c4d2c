import {parseNodeSet} from '../../../model/fields/node-set.ts';
import type {ArgvInput} from '../argv-input.ts';
import {ordinaryPageKiB} from './choose-place.ts';

/**
 * The huge pages that the memory of a cell, of a module in it, or of the whole board is made of: `usual` where the
 * definition names no size, undefined for ordinary pages.
 *
 * @param own  of a module that says so itself
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMemoryBackendProps
 */
export function hugePageOf(
  node: number | undefined,
  own: bigint | undefined,
  input: ArgvInput,
): bigint | 'usual' | undefined {
  const size = own ?? sizeByDefinition(node, input);
  return size === ordinaryPageKiB(input) ? undefined : size;
}

function sizeByDefinition(node: number | undefined, {def}: ArgvInput): bigint | 'usual' | undefined {
  const {hugepages} = def.memoryBacking ?? {};
  if (!hugepages) return undefined;
  if (!hugepages.pages) return 'usual';
  const isFor = (nodeset: string) => node !== undefined && (parseNodeSet(nodeset) ?? []).includes(node);
  const page =
    hugepages.pages.find(({nodeset}) => nodeset !== undefined && isFor(nodeset)) ??
    hugepages.pages.findLast(({nodeset}) => nodeset === undefined);
  return page?.sizeKiB;
}
