import type {Field} from './field.ts';

/** A list that libvirt keeps in ascending order, whatever the order of the text. */
export function sortedBy<T>(field: Field<readonly T[]>, key: (value: T) => number): Field<readonly T[]> {
  return {
    ...field,
    read: (reader, context) => field.read(reader, context)?.toSorted((a, b) => key(a) - key(b)),
  };
}
