import type {Problem} from '../../base/problem.ts';
import {describeField, type Field} from './field.ts';

/** The end of the sentence about a part that is kept, and that the guest does not get. */
export const KEPT = 'is kept in the definition, but the guest does not get it yet';

/**
 * A field that the definition keeps although a start does nothing with it yet: a text that has it is warned about.
 * When the driver learns to give it to the guest, this wrapper goes.
 */
export function kept<F extends Field<unknown>>(field: F): F {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      if (value === undefined || value === false) return value;
      const {place} = field;
      if (place && 'attribute' in place) reader.warn(`${describeField(place, reader.name)} ${KEPT}`, place.attribute);
      else if (place && 'child' in place) reader.child(place.child)?.warn(`<${place.child}> ${KEPT}`);
      else reader.warn(`<${reader.name}> ${KEPT}`);
      return value;
    },
  };
}

/** Whether a warning is one of a part that is kept: its sentence ends so. What is done with the part, another place may know better. */
export function isKeptWarning({severity, message}: Problem): boolean {
  return severity === 'warning' && message.endsWith(KEPT);
}
