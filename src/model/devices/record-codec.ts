import {elementOf, type Field} from '../fields/field.ts';
import {KEPT} from '../fields/kept.ts';
import type {DeviceCodec, HostResource} from './device-codec.ts';

/** What belongs to a kind of device besides its fields. */
export interface RecordCodecOptions<Device> {
  /** Whether the driver gives such a device to the guest; without it, a text that has one is warned about. */
  isStarted?(device: Device): boolean;
  hostResources?(device: Device): readonly HostResource[];
}

/** The codec of a kind of device that is nothing but its fields. */
export function recordCodec<Kind extends string, T extends object>(
  kind: Kind,
  name: string,
  field: Field<T>,
  options: RecordCodecOptions<{readonly kind: Kind} & T> = {},
): DeviceCodec<{readonly kind: Kind} & T> {
  return {
    elements: [name],
    parse: (reader, context) => {
      const value = field.read(reader, context);
      const device = value && {kind, ...value};
      if (device && !options.isStarted?.(device)) reader.warn(`<${name}> ${KEPT}`);
      return device;
    },
    format: (device, context) => elementOf<T>(name, field, device, context),
    hostResources: device => options.hostResources?.(device) ?? [],
  };
}
