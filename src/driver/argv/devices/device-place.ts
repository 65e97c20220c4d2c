import {VirtError} from '../../../base/virt-error.ts';
import {addressOfType, type DeviceAddress} from '../../../model/devices/address.ts';
import type {ControllerType} from '../../../model/devices/controller.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';

interface Placed {
  readonly address?: DeviceAddress;
  readonly acpi?: {readonly index: number};
  readonly rom?: {readonly enabled?: boolean; readonly bar?: boolean; readonly file?: string};
}

/** The controller of a bus that the definition has, as QEMU knows it; undefined when it has none. */
export function controllerId({def}: ArgvInput, type: ControllerType, index: number): string | undefined {
  return devicesOf(def, 'controller').find(made => made.type === type && (made.index ?? 0) === index)?.alias;
}

/** `bus=` and `addr=` of a device whose slot the definition names; nothing where QEMU chooses. */
export function pciPlace(device: Placed, input: ArgvInput): OptionRecord {
  const address = addressOfType(device, 'pci');
  const acpi = {'acpi-index': device.acpi?.index || undefined};
  if (address?.domain === undefined) return acpi;
  const {slot, function: part} = address;
  return {
    ...acpi,
    bus: pciBus(address.bus, input),
    multifunction: address.multifunction,
    addr: `0x${slot.toString(16)}${part === 0 ? '' : `.0x${part.toString(16)}`}`,
  };
}

/** The root bus is there without a controller in the definition. @throws {VirtError} CONFIG_UNSUPPORTED for a bus that is not */
function pciBus(index: number, input: ArgvInput): string {
  const pci = devicesOf(input.def, 'controller').find(made => made.type === 'pci' && (made.index ?? 0) === index);
  if (index === 0) return pci?.model === 'pcie-root' || isExpress(input) ? 'pcie.0' : 'pci.0';
  if (pci?.alias !== undefined) return pci.model === 'pci-root' ? `${pci.alias}.0` : pci.alias;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot place a device of domain '${input.def.name}' on PCI bus ${index}: the definition has no such controller`,
    {hint: `add <controller type='pci' index='${index}'>, or take the <address> out of the device`},
  );
}

function isExpress({def}: ArgvInput): boolean {
  return /^(q35|pc-q35)/.test(def.os.machine ?? '');
}

/** `bus=` and `port=` on a USB controller; nothing where QEMU chooses. */
export function usbPlace(device: Placed, input: ArgvInput): OptionRecord {
  const address = addressOfType(device, 'usb');
  if (!address) return {};
  return {bus: `${controllerId(input, 'usb', address.bus) ?? 'usb'}.0`, port: address.port};
}

/**
 * The place of a device that can sit on several kinds of bus, by the address that it has.
 * Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildDeviceAddressProps.
 */
export function anyPlace(device: Placed, input: ArgvInput): OptionRecord {
  const {address} = device;
  switch (address?.type) {
    case 'usb':
      return usbPlace(device, input);
    case 'spapr-vio':
      return {reg: address.reg === undefined ? undefined : `0x${address.reg.toString(16).padStart(8, '0')}`};
    case 'ccw':
      return {devno: ccwNumber(address)};
    default:
      return pciPlace(device, input);
  }
}

/** `fe.0.0001`; undefined where QEMU chooses. */
function ccwNumber({cssid, ssid, devno}: Extract<DeviceAddress, {readonly type: 'ccw'}>): string | undefined {
  if (cssid === undefined || ssid === undefined || devno === undefined) return undefined;
  return `${cssid.toString(16)}.${ssid.toString(16)}.${devno.toString(16).padStart(4, '0')}`;
}

/** The option ROM of an adapter. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildRomProps. */
export function romOptions({rom}: Placed): OptionRecord {
  if (rom?.enabled === false) return {rombar: 0, romfile: ''};
  return {rombar: rom?.bar === undefined ? undefined : rom.bar ? 1 : 0, romfile: rom?.file};
}
