import type {HostTree} from '../../host/host-tree.ts';

/** A USB device that is plugged in. */
export interface UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly bus: number;
  readonly device: number;
}

const USB_DEVICES = '/sys/bus/usb/devices';

/** What is plugged into this host now. @see Linux, Documentation/ABI/stable/sysfs-bus-usb */
export function readUsbDevices(tree: HostTree): readonly UsbDevice[] {
  return tree.names(USB_DEVICES).flatMap(name => {
    const number = (file: string, base: number) =>
      Number.parseInt(tree.text(`${USB_DEVICES}/${name}/${file}`) ?? '', base);
    const found = {
      vendorId: number('idVendor', 16),
      productId: number('idProduct', 16),
      bus: number('busnum', 10),
      device: number('devnum', 10),
    };
    return Object.values(found).some(Number.isNaN) ? [] : [found]; // an interface of a device has no numbers
  });
}
