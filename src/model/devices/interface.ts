import {elementOf} from '../fields/field.ts';
import {KEPT} from '../fields/kept.ts';
import type {DeviceCodec} from './device-codec.ts';
import {type InterfaceDef, type InterfaceFields, interfaceField} from './interface-def.ts';
import {interfaceResources} from './interface-resources.ts';

export type {GuestNic, InterfaceDef} from './interface-def.ts';

/** Of other hypervisors, and refused by a start. */
const NOT_STARTED: readonly string[] = ['internal', 'vds'];

/** Network interfaces. */
export const interfaceCodec: DeviceCodec<InterfaceDef> = {
  elements: ['interface'],
  parse: (reader, context) => {
    const fields = interfaceField.read(reader, context);
    if (!fields) return undefined;
    if (NOT_STARTED.includes(fields.type)) reader.warn(`<interface type='${fields.type}'> ${KEPT}`, 'type');
    return {kind: 'interface', ...fields, mac: fields.mac ?? context.newMac()};
  },
  format: (device, options) => elementOf<InterfaceFields>('interface', interfaceField, device, options),
  hostResources: interfaceResources,
};
