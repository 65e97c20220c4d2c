import type {ControllerDef} from '../devices/controller.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import type {CompletionFacts} from './completion-facts.ts';
import {pciPlaceOf} from './pci-plan.ts';

type Target = NonNullable<ControllerDef['target']>;

/** The devices that the models of PCI controllers are made with. */
const MODEL_NAMES: Readonly<Record<string, string>> = {
  'pci-bridge': 'pci-bridge',
  'dmi-to-pci-bridge': 'i82801b11-bridge',
  'pcie-to-pci-bridge': 'pcie-pci-bridge',
  'pcie-switch-upstream-port': 'x3130-upstream',
  'pcie-switch-downstream-port': 'xio3130-downstream',
  'pci-expander-bus': 'pxb',
  'pcie-expander-bus': 'pxb-pcie',
};

/** Names the device of every PCI controller, and what its own bus sees of it. Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c. */
export function completePciControllers(def: DomainDef, facts: CompletionFacts): DomainDef {
  return {
    ...def,
    devices: def.devices.map(device =>
      device.kind === 'controller' && device.type === 'pci' ? completeController(device, def, facts) : device,
    ),
  };
}

function completeController(controller: ControllerDef, def: DomainDef, facts: CompletionFacts): ControllerDef {
  const modelName = controller.modelName ?? nameOf(controller.model, facts);
  const target = completeTarget(controller, def);
  return {...controller, ...(modelName === undefined ? {} : {modelName}), ...(target ? {target} : {})};
}

function nameOf(model: string | undefined, {devices}: CompletionFacts): string | undefined {
  if (model === 'pcie-root-port') return devices.has('pcie-root-port') ? 'pcie-root-port' : 'ioh3420';
  return MODEL_NAMES[model ?? ''];
}

function completeTarget(controller: ControllerDef, def: DomainDef): Target | undefined {
  const {model, index = 0, target} = controller;
  const place = pciPlaceOf(controller);
  const slot = place?.slot ?? 0;
  switch (model) {
    case 'pci-bridge':
      return {chassisNr: index, ...target};
    case 'pcie-root-port':
      return {chassis: index, port: (slot << 3) + (place?.function ?? 0), ...target};
    case 'pcie-switch-downstream-port':
      return {chassis: index, port: slot, ...target};
    case 'pci-expander-bus':
    case 'pcie-expander-bus':
      return {busNr: freeBusNumber(def), ...target};
    default:
      return target;
  }
}

/** Two below the lowest that is taken: room for the bridge inside. */
function freeBusNumber(def: DomainDef): number {
  const used = devicesOf(def, 'controller').flatMap(({target}) => target?.busNr ?? []);
  return Math.min(256, ...used) - 2;
}
