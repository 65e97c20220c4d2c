import type {ControllerDef} from '../devices/controller.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import {assignPciAddresses} from './assign-pci.ts';
import {completeCpu} from './complete-cpu.ts';
import type {CompletionFacts} from './completion-facts.ts';
import {orderControllers, withControllers} from './controllers.ts';
import {addDefaultDevices} from './default-devices.ts';
import {completeDevices} from './device-defaults.ts';
import {addImplicitControllers, placeDrives} from './implicit-controllers.ts';
import {assignMemorySlots} from './memory-slots.ts';
import {addScreenDevices, completeVideos} from './screen-devices.ts';
import {assignVirtioPorts} from './virtio-ports.ts';

export type {CompletionFacts} from './completion-facts.ts';

/**
 * What the emulator gets for a definition: with the devices that every guest of its board has, the controllers that its
 * devices need, a model for every device, and a place for each on its bus. What the definition says stays as it is; the
 * result depends on nothing but the definition and the facts.
 *
 * @see libvirt 9.0.0, src/conf/domain_postparse.c and src/qemu/qemu_domain.c, whose order of steps this is
 */
export function completeDomain(def: DomainDef, facts: CompletionFacts): DomainDef {
  const steps: readonly ((made: DomainDef) => DomainDef)[] = [
    completeSettings,
    orderControllers,
    made => addDefaultDevices(made, facts),
    made => completeCpu(made, facts),
    placeDrives,
    addScreenDevices,
    addImplicitControllers,
    made => completeDevices(made, facts),
    made => completeVideos(made, facts),
    assignMemorySlots,
    assignVirtioPorts,
    assignSpaprAddresses,
    made => assignPciAddresses(made, facts),
  ];
  return steps.reduce((made, step) => step(made), def);

  function completeSettings(made: DomainDef): DomainDef {
    const emulator = made.emulator ?? facts.emulator;
    const genid = made.genid === '' ? facts.newUuid() : made.genid;
    return {...made, ...(emulator === undefined ? {} : {emulator}), ...(genid === undefined ? {} : {genid})};
  }
}

const FIRST_VSCSI_REG = 0x2000n;
const REG_STEP = 0x1000n;

/** Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignSpaprVIOAddresses; of SCSI controllers only. */
function assignSpaprAddresses(def: DomainDef): DomainDef {
  let next = FIRST_VSCSI_REG;
  const controllers = devicesOf(def, 'controller').map((controller): ControllerDef => {
    if (controller.type !== 'scsi' || controller.model !== 'ibmvscsi' || controller.address) return controller;
    const address = {type: 'spapr-vio' as const, reg: next};
    next += REG_STEP;
    return {...controller, address};
  });
  return withControllers(def, controllers);
}
