import {addUsbDisk} from '../disks/drives.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {usbHostdev} from './host-device.ts';

/** `-usbdevice`: `tablet`, `mouse`, `disk:FILE`, `host:VENDOR:PRODUCT` or `host:BUS.DEVICE`. */
export function readUsbdevice(arg: NativeArg, draft: NativeDraft): void {
  const {value} = arg;
  if (value === 'tablet' || value === 'mouse' || value === 'keyboard') {
    draft.devices.push({kind: 'input', type: value, bus: 'usb'});
  } else if (value.startsWith('disk:')) {
    addUsbDisk(arg, value.slice('disk:'.length), draft);
  } else if (value.startsWith('host:')) {
    readHost(arg, value.slice('host:'.length), draft);
  } else {
    draft.keep(arg);
  }
}

/** The numbers of the makers are hexadecimal, those of the place decimal. */
function readHost(arg: NativeArg, text: string, draft: NativeDraft): void {
  const product = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(text);
  const place = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (product) {
    const [vendorId, productId] = [product[1], product[2]].map(part => Number.parseInt(part ?? '0', 16));
    draft.devices.push(usbHostdev({vendorId: vendorId ?? 0, productId: productId ?? 0}));
  } else if (place) {
    draft.devices.push(usbHostdev({address: {bus: Number(place[1]), device: Number(place[2])}}));
  } else {
    draft.keep(arg);
  }
}
