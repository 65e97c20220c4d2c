import {isX86} from '../../../model/arch.ts';
import {type InputDef, isUsbInput} from '../../../model/devices/input.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {pciPlace, usbPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

const USB_INPUTS: Readonly<Record<string, string>> = {mouse: 'usb-mouse', tablet: 'usb-tablet', keyboard: 'usb-kbd'};

/** Mouse, tablet or keyboard; what is on PS/2, or was not said, is on the board. */
export function buildInputArgs(device: InputDef, input: ArgvInput): readonly QemuArg[] {
  if (device.type === 'evdev') return [evdevObject(device)];
  if (isUsbInput(device)) {
    const driver = chooseDriver([USB_INPUTS[device.type] ?? device.type], `USB ${device.type}`, input);
    return [deviceArg(driver, {id: aliasOf(device), ...usbPlace(device, input)})];
  }
  switch (device.bus) {
    case 'virtio':
      return [virtioInput(device, input)];
    case 'ps2':
      if (device.type === 'tablet') throw refused('PS/2 has no tablet', device, input);
      if (!isX86(input.def.os.arch)) throw refused('this board has no PS/2', device, input);
      return [];
    case undefined:
    case 'none':
      return [];
    default:
      throw refused(`the bus '${device.bus}' is none of QEMU's`, device, input);
  }
}

function refused(why: string, {type}: InputDef, input: ArgvInput) {
  return refusal(`input device '${type}'`, why, "give it bus='usb' or bus='virtio'", input);
}

function virtioInput(device: InputDef, input: ArgvInput): QemuArg {
  const base = device.type === 'passthrough' ? 'virtio-input-host' : `virtio-${device.type}`;
  const options = {
    id: aliasOf(device),
    ...virtioOptions(device.driver),
    evdev: device.source?.evdev,
    ...pciPlace(device, input),
  };
  return deviceArg(chooseVirtio(base, device.model, `virtio ${device.type}`, input), options);
}

/** The host's own device, shared by a key combination. */
function evdevObject(device: InputDef): QemuArg {
  const {source} = device;
  const options = {
    id: aliasOf(device),
    evdev: source?.dev,
    repeat: source?.repeat,
    grab_all: source?.grab === 'all' ? true : undefined,
    'grab-toggle': source?.grabToggle,
  };
  return optionsArg('-object', options, {key: 'qom-type', value: 'input-linux'});
}
