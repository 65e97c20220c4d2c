import type {ElementReader} from '../xml/element-reader.ts';
import {element} from '../xml/write-xml.ts';
import {describePart, elementOf, type Field, type RequiredField} from './field.ts';
import type {Scalar} from './scalar.ts';

/** An attribute. */
export function attr<T>(name: string, scalar: Scalar<T>): Field<T> {
  return {
    read: reader => {
      const value = reader.attribute(name);
      return value === undefined ? undefined : parseScalar(reader, scalar, value, name);
    },
    write: (value, into) => {
      into.attributes.push([name, scalar.print(value)]);
    },
    place: {attribute: name},
  };
}

/** The text of the element itself. */
export function ownText<T>(scalar: Scalar<T>): Field<T> {
  return {
    read: reader => {
      if (reader.text !== '') return parseScalar(reader, scalar, reader.text);
      if (scalar.parse('') === undefined)
        reader.schemaError(`<${reader.name}> is empty: it must be ${scalar.expected}`);
      return undefined;
    },
    write: (value, into) => {
      into.text = scalar.print(value);
    },
    place: {text: true},
  };
}

/** The same where the text may be missing. */
export function ownTextOrNone<T>(scalar: Scalar<T>): Field<T> {
  const some = ownText(scalar);
  return {...some, read: (reader, context) => (reader.text === '' ? undefined : some.read(reader, context))};
}

/** `<name>text</name>`. */
export function textChild<T>(name: string, scalar: Scalar<T>): Field<T> {
  return child(name, ownText(scalar));
}

/** `<name attribute='value'/>`, where nothing else is in the element: the schema wants the attribute. */
export function childAttr<T>(name: string, attribute: string, scalar: Scalar<T>): Field<T> {
  return child(name, needed(attr(attribute, scalar)));
}

/** The first child of a name; further ones are warned about by the reader. */
export function child<T>(name: string, field: Field<T>): Field<T> {
  return {
    read: (reader, context) => {
      const found = reader.child(name);
      return found && field.read(found, context);
    },
    write: (value, into, context) => {
      into.children.push(elementOf(name, field, value, context));
    },
    place: {child: name},
  };
}

/** All children of a name in their order; undefined when there are none. */
export function list<T>(name: string, field: Field<T>): Field<readonly T[]> {
  return {
    read: (reader, context) => {
      const values = reader.children(name).flatMap(found => field.read(found, context) ?? []);
      return values.length === 0 ? undefined : values;
    },
    write: (values, into, context) => {
      for (const value of values) into.children.push(elementOf(name, field, value, context));
    },
    place: {child: name},
  };
}

/** `<name/>`: true when it is there. */
export function presence(name: string): RequiredField<boolean> {
  return {
    read: reader => reader.child(name) !== undefined,
    write: (value, into) => {
      if (value) into.children.push(element(name));
    },
    place: {child: name},
    required: true,
  };
}

/** A field without which the element means nothing: missing, it is an error. */
export function required<T>(field: Field<T>, example: string): RequiredField<T> {
  return {
    ...field,
    required: true,
    read: (reader, context) => {
      const before = reader.errorCount;
      const value = field.read(reader, context);
      if (value === undefined && reader.errorCount === before) {
        reader.error(`<${reader.name}> is not complete: ${example} is missing`);
      }
      return value;
    },
  };
}

/** A field that libvirt's parser can do without and its schema cannot. */
export function needed<T>(field: Field<T>): Field<T> {
  return {
    ...field,
    read: (reader, context) => {
      const before = reader.errorCount;
      const value = field.read(reader, context);
      if (value === undefined && reader.errorCount === before) {
        reader.schemaError(`<${reader.name}> is not complete: ${describePart(field.place)} is missing`);
      }
      return value;
    },
  };
}

/** A field with a value when it is missing; the default is printed like any other value. */
export function withDefault<T>(field: Field<T>, byDefault: T): RequiredField<T> {
  return {...field, required: true, read: (reader, context) => field.read(reader, context) ?? byDefault};
}

/** A field whose default is not printed. */
export function orElse<T>(field: Field<T>, byDefault: T): RequiredField<T> {
  return {
    ...withDefault(field, byDefault),
    write: (value, into, context) => {
      if (value !== byDefault) field.write(value, into, context);
    },
  };
}

function parseScalar<T>(reader: ElementReader, scalar: Scalar<T>, value: string, attribute?: string): T | undefined {
  const parsed = scalar.parse(value);
  const what = attribute === undefined ? `<${reader.name}>` : `attribute '${attribute}' of <${reader.name}>`;
  if (parsed === undefined) {
    reader.error(`${what} is '${value}': it must be ${scalar.expected}`, attribute);
  } else if (scalar.schema && !scalar.schema.accepts(value)) {
    reader.schemaError(`${what} is '${value}': it must be ${scalar.schema.expected}`, attribute);
  }
  const doubt = parsed === undefined ? undefined : scalar.doubt?.(parsed);
  if (doubt !== undefined) reader.warn(doubt, attribute);
  return parsed;
}
