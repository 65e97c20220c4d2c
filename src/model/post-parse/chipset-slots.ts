import type {PciAddress} from '../devices/address.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import type {Board} from './machine-board.ts';
import type {PciPlan} from './pci-plan.ts';

const at = (slot: number, fn = 0): PciAddress => ({domain: 0, bus: 0, slot, function: fn});

/** Reserves what is soldered on, and gives devices that have their usual place on the board that place. */
export function reserveChipset(board: Board, plan: PciPlan): void {
  if (board === 'i440fx') reservePiix3(plan);
  else if (board === 'q35') reserveQ35(plan);
}

/** Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainValidateDevicePCISlotsPIIX3. */
function reservePiix3(plan: PciPlan): void {
  plan.eachController(controller => {
    if (controller.index !== 0) return;
    const {type, model} = controller;
    if (type === 'ide') plan.place(controller, at(1, 1));
    else if (type === 'usb' && (model === undefined || model === 'piix3-uhci')) plan.place(controller, at(1, 2));
  });
  plan.buses.reserve(at(1));
  plan.buses.reserve(at(1, 3));
  placePrimaryVideo(plan, 2);
}

/** Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainValidateDevicePCISlotsQ35. */
function reserveQ35(plan: PciPlan): void {
  plan.eachController(controller => {
    const {type, model, index} = controller;
    if (type === 'sata' && index === 0) plan.place(controller, at(0x1f, 2));
    else if (type === 'usb' && model === 'ich9-uhci1') placeFirstFree(plan, controller, [0x1d, 0x1a], true);
    else if (type === 'pci' && model === 'dmi-to-pci-bridge') placeFirstFree(plan, controller, [0x1e], false);
  });
  plan.buses.reserve(at(0x1f));
  plan.buses.reserve(at(0x1f, 3));
  placePrimaryVideo(plan, 1);
  const sound = plan.devices.find(
    device => device.kind === 'sound' && device.model === 'ich9' && plan.wantsPci(device),
  );
  if (sound && !plan.buses.isSlotUsed(0x1b)) plan.place(sound, at(0x1b));
}

function placeFirstFree(plan: PciPlan, device: DeviceDef, slots: readonly number[], multifunction: boolean): void {
  const slot = slots.find(candidate => !plan.buses.isSlotUsed(candidate));
  if (slot === undefined || !plan.hasNoAddress(device)) return;
  plan.place(device, {...at(slot), ...(multifunction ? {multifunction} : {})});
}

/** The first adapter is where the board's firmware looks for it. */
function placePrimaryVideo(plan: PciPlan, slot: number): void {
  const video = plan.devices.find(device => device.kind === 'video');
  if (!video || !plan.wantsPci(video)) return;
  if (plan.buses.isSlotUsed(slot)) plan.placeNext(video);
  else if (plan.requestOf(video)) plan.place(video, at(slot));
}
