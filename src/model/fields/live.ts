import type {Field} from './field.ts';

/** A field that only a running domain has: what another text says is no wish, and is left out without a word. */
export function whileLive<T>(field: Field<T>): Field<T> {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      return context.live ? value : undefined;
    },
    write: (value, into, context) => {
      if (context.live) field.write(value, into, context);
    },
  };
}
