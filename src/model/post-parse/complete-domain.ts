import type {ControllerDef} from '../devices/controller.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import {assignPciAddresses} from './assign-pci.ts';
import {completeCpu} from './complete-cpu.ts';
import {completeSeclabels} from './complete-seclabels.ts';
import type {CompletionFacts} from './completion-facts.ts';
import {orderControllers, withControllers} from './controllers.ts';
import {addDefaultDevices} from './default-devices.ts';
import {completeDevices} from './device-defaults.ts';
import {withGenerationId} from './generation-id.ts';
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
    made => completeSettings(made, facts),
    made => completeSeclabels(made, facts),
    completeThreads,
    completePlacement,
    orderControllers,
    made => addDefaultDevices(made, facts),
    made => completeCpu(made, facts),
    placeDrives,
    made => addScreenDevices(made, facts),
    addImplicitControllers,
    made => completeDevices(made, facts),
    made => completeVideos(made, facts),
    assignMemorySlots,
    assignVirtioPorts,
    assignSpaprAddresses,
    made => assignPciAddresses(made, facts),
  ];
  return steps.reduce((made, step) => step(made), def);
}

function completeSettings(def: DomainDef, facts: CompletionFacts): DomainDef {
  const emulator = def.emulator ?? facts.emulator;
  return withGenerationId({...def, ...(emulator === undefined ? {} : {emulator})}, () => facts.newUuid());
}

/** Threads that are only counted get the lowest free numbers. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainIOThreadIDDefArrayInit. */
function completeThreads(def: DomainDef): DomainDef {
  if (!def.iothreadids) return def;
  const threads = [...def.iothreadids];
  const count = Math.max(def.iothreads ?? 0, threads.length);
  for (let id = 1; threads.length < count; id++) if (!threads.some(thread => thread.id === id)) threads.push({id});
  return {...def, iothreads: count, iothreadids: threads};
}

/** Processors that are placed automatically have their memory near them. Source: libvirt 9.0.0, src/conf/numa_conf.c, virDomainNumatuneParseXML. */
function completePlacement(def: DomainDef): DomainDef {
  if (def.vcpuPlacement?.placement !== 'auto' || def.numatune?.memory) return def;
  return {...def, numatune: {...def.numatune, memory: {mode: 'strict', placement: 'auto'}}};
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
