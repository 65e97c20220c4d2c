import type {Field} from '../fields/field.ts';

/** A source of a USB device: by vendor and product, by place, or by both, as the schema wants it. */
export function byProductOrPlace<F extends Field<unknown>>(field: F): F {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      const [vendor, product] = ['vendor', 'product'].map(name => reader.child(name) !== undefined);
      if (vendor !== product || (!vendor && !reader.child('address')))
        reader.schemaError('<source> needs <vendor> with <product>, or an <address>');
      return value;
    },
  };
}
