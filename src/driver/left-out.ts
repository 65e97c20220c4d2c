import type {InterfaceDef} from '../model/devices/interface.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';

/** Parts of an interface that another program would have to do, and none does. */
const NIC_PARTS = {
  bandwidth: '<bandwidth>',
  filterref: '<filterref>',
  coalesceRxFramesMax: '<coalesce>',
} as const satisfies Partial<Record<keyof InterfaceDef, string>>;

/** What a definition has and its guest does not get, as elements; a guest runs without it, but its owner should know. */
export function leftOutParts(def: DomainDef): readonly string[] {
  const nics = devicesOf(def, 'interface');
  const parts = Object.entries(NIC_PARTS).flatMap(([name, element]) =>
    nics.some(nic => Reflect.get(nic, name) !== undefined) ? [`${element} of its interfaces`] : [],
  );
  return [...(devicesOf(def, 'lease').length > 0 ? ['<lease>'] : []), ...parts];
}
