import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {OptionBag} from '../option-bag.ts';
import type {VirtioModel} from './virtio-device.ts';

/** What a `-device` says: its name, without the bus of a virtio device, and its properties. */
export interface DeviceOption {
  readonly name: string;
  /** Of a virtio device. */
  readonly model: VirtioModel | undefined;
  readonly bag: OptionBag;
  readonly arg: NativeArg;
}

/** Adds a device; false when the XML cannot say it, or what it names is not there: then it is kept. */
export type DeviceReader = (option: DeviceOption, draft: NativeDraft) => boolean;

/** The readers of some devices, by their names. */
export type DeviceReaders = Readonly<Record<string, DeviceReader>>;
