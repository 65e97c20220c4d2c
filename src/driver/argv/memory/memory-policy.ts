import {parseNodeSet} from '../../../model/fields/node-set.ts';
import type {ArgvInput} from '../argv-input.ts';

/** From which nodes of the host memory comes, and how strictly. */
export interface MemoryPolicy {
  readonly hostNodes: readonly number[];
  /** QEMU's word. */
  readonly policy: 'bind' | 'preferred' | 'interleave';
}

const POLICIES = {strict: 'bind', preferred: 'preferred', interleave: 'interleave'} as const;

/**
 * The policy for the memory of a cell, of a module in it, or of the whole board. A restrictive one is the business
 * of the process that allocates, not of the memory.
 *
 * @param node  the guest's cell; undefined without NUMA
 * @param own  the nodes of the host that a module names itself
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMemoryBackendProps
 */
export function memoryPolicy(
  node: number | undefined,
  own: string | undefined,
  {def}: ArgvInput,
): MemoryPolicy | undefined {
  const {memory, memnodes} = def.numatune ?? {};
  const ofCell = node === undefined ? undefined : memnodes?.find(({cellid}) => cellid === node);
  const nodeset = own ?? (ofCell ?? memory)?.nodeset;
  const mode = (ofCell ?? memory)?.mode ?? 'strict';
  const hostNodes = nodeset === undefined ? undefined : parseNodeSet(nodeset);
  if (!hostNodes || hostNodes.length === 0 || mode === 'restrictive') return undefined;
  return {hostNodes, policy: POLICIES[mode]};
}
