import type {ControllerDef, ControllerType} from '../devices/controller.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';

const USB2_MODELS: readonly (string | undefined)[] = ['ich9-ehci1', 'ich9-uhci1', 'ich9-uhci2', 'ich9-uhci3'];

/** One of the parts that make a USB 2 controller together. */
export function isUsb2({type, model}: ControllerDef): boolean {
  return type === 'usb' && USB2_MODELS.includes(model);
}

/** The same definition with other controllers. */
export function withControllers(def: DomainDef, controllers: readonly ControllerDef[]): DomainDef {
  const others = def.devices.filter(
    (device): device is Exclude<DeviceDef, ControllerDef> => device.kind !== 'controller',
  );
  return {...def, devices: [...others, ...controllers]};
}

/**
 * Puts a controller behind those of its type with a lower index, and a master before its companions.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainControllerInsertPreAlloced
 */
export function insertController(
  controllers: readonly ControllerDef[],
  added: ControllerDef,
): readonly ControllerDef[] {
  let at = -1;
  for (let place = controllers.length - 1; place >= 0; place--) {
    const current = controllers[place];
    if (current?.type !== added.type) continue;
    if (added.index === undefined) {
      at = place + 1;
      break;
    }
    const isMasterOf = !added.master && current.master && current.index === added.index;
    if ((current.index ?? -1) > added.index || isMasterOf) at = place;
    else if (at === -1) at = place + 1;
  }
  return controllers.toSpliced(at === -1 ? controllers.length : at, 0, added);
}

/** Adds a controller behind all others, unless there is one of its type and index. */
export function ensureController(def: DomainDef, type: ControllerType, index: number, model?: string): DomainDef {
  const controllers = devicesOf(def, 'controller');
  if (controllers.some(controller => controller.type === type && controller.index === index)) return def;
  const added: ControllerDef = {kind: 'controller', type, index, ...(model === undefined ? {} : {model})};
  return withControllers(def, [...controllers, added]);
}

/**
 * Brings the controllers in order and numbers those that have no index.
 *
 * @see libvirt 9.0.0, src/conf/domain_postparse.c, virDomainAssignControllerIndexes
 */
export function orderControllers(def: DomainDef): DomainDef {
  let ordered: readonly ControllerDef[] = [];
  for (const controller of devicesOf(def, 'controller')) ordered = insertController(ordered, controller);
  const numbered = [...ordered];
  for (const [place, controller] of numbered.entries()) {
    if (controller.index === undefined) numbered[place] = {...controller, index: indexFor(controller, numbered, place)};
  }
  return withControllers(def, numbered);
}

function indexFor(controller: ControllerDef, all: readonly ControllerDef[], place: number): number {
  const previous = all[place - 1];
  if (isUsb2(controller) && previous && isUsb2(previous) && previous.index !== undefined) return previous.index;
  const used = new Set(all.filter(({type}) => type === controller.type).map(({index}) => index));
  let index = 0;
  while (used.has(index)) index++;
  return index;
}
