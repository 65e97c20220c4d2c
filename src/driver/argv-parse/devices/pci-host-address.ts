import type {PciAddress} from '../../../model/devices/address.ts';

/** `[DOMAIN:]BUS:SLOT.FUNCTION`, hexadecimal. */
export function parsePciHost(text: string): PciAddress | undefined {
  const match = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([01]?[0-9a-f])\.([0-7])$/i.exec(text);
  if (!match) return undefined;
  const [domain, bus, slot, func] = match.slice(1).map(part => Number.parseInt(part ?? '0', 16));
  return {domain: domain ?? 0, bus: bus ?? 0, slot: slot ?? 0, function: func ?? 0};
}
