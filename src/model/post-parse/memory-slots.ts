import {addressOfType} from '../devices/address.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';

/** Gives memory modules the free slots in order. Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignMemorySlots. */
export function assignMemorySlots(def: DomainDef): DomainDef {
  const used = new Set(devicesOf(def, 'memory').map(module => addressOfType(module, 'dimm')?.slot));
  const nextSlot = () => {
    let slot = 0;
    while (used.has(slot)) slot++;
    used.add(slot);
    return slot;
  };
  const devices = def.devices.map(device => {
    if (device.kind !== 'memory' || device.address || (device.model !== 'dimm' && device.model !== 'nvdimm'))
      return device;
    return {...device, address: {type: 'dimm' as const, slot: nextSlot()}};
  });
  return {...def, devices};
}
