import type {DomainDef} from './domain-def.ts';

/** Whether other processes can see a guest's memory, as the helpers of some devices must. */
export function sharesMemory({memoryBacking, cpu}: Pick<DomainDef, 'memoryBacking' | 'cpu'>): boolean {
  const cells = cpu?.numa?.cells ?? [];
  const sharedCells = cells.length > 0 && cells.every(({memAccess}) => memAccess === 'shared');
  return memoryBacking?.accessMode === 'shared' || sharedCells;
}

/** What makes it so. */
export const SHARE_MEMORY_HINT = "add <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
