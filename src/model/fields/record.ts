import type {Field, FieldContext, RequiredField} from './field.ts';

/** The fields of an element by the names that the definition gives them. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

/** The value of a field. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

type RequiredKeys<S> = {[K in keyof S]: S[K] extends RequiredField<unknown> ? K : never}[keyof S];

type Flat<T> = {[K in keyof T]: T[K]};

/** What an element of a shape is in a definition: a missing optional field is a missing property. */
export type RecordOf<S extends Shape> = Flat<
  {readonly [K in RequiredKeys<S>]: ValueOf<S[K]>} & {
    readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: ValueOf<S[K]>;
  }
>;

/**
 * An element with several fields.
 * It is written in the order of the shape, attributes and children each.
 *
 * @returns a field that is undefined when a required part is missing or wrong
 */
export function record<const S extends Shape>(shape: S): Field<RecordOf<S>> {
  const fields = Object.entries(shape);
  return {
    read: (reader, context) => {
      const value: Record<string, unknown> = {};
      let complete = true;
      for (const [name, field] of fields) {
        const part = field.read(reader, context);
        if (part !== undefined) value[name] = part;
        else if ('required' in field) complete = false;
      }
      // The decoder: every property was read by the field of its name.
      return complete ? (value as RecordOf<S>) : undefined;
    },
    write: (value, into, context) => writeFields(fields, value, into, context),
  };
}

function writeFields(
  fields: readonly (readonly [string, Field<unknown>])[],
  value: Readonly<Record<string, unknown>>,
  into: Parameters<Field<unknown>['write']>[1],
  context: FieldContext,
): void {
  for (const [name, field] of fields) {
    const part = value[name];
    if (part !== undefined) field.write(part, into, context);
  }
}
