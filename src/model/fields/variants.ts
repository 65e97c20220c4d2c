import type {ElementReader} from '../xml/element-reader.ts';
import {unknownValue} from '../xml/element-reader.ts';
import type {Field} from './field.ts';
import type {ValueOf} from './record.ts';

/** One field for each value of an attribute. */
export type Variants = Readonly<Record<string, Field<unknown>>>;

type Flat<T> = {[K in keyof T]: T[K]};

/** A union with the attribute's value as its discriminator. */
export type VariantOf<Name extends string, V extends Variants> = {
  [K in keyof V & string]: Flat<{readonly [N in Name]: K} & ValueOf<V[K]>>;
}[keyof V & string];

/**
 * An element that is one thing or another by the value of an attribute.
 * A value that is not in the table is an error that names all that are.
 *
 * @param byDefault  what it is without the attribute; when there is none, that is an error
 */
export function variants<const Name extends string, const V extends Variants>(
  attribute: Name,
  table: V,
  byDefault?: keyof V & string,
): Field<VariantOf<Name, V>> {
  return {
    read: (reader, context) => {
      const word = chooseVariant(reader, attribute, Object.keys(table)) ?? byDefault;
      const field = word === undefined ? undefined : table[word];
      const value = field?.read(reader, context);
      if (reader.attribute(attribute) === undefined && byDefault === undefined) {
        reader.error(
          `<${reader.name}> has no ${attribute}: write <${reader.name} ${attribute}='${Object.keys(table)[0]}'>`,
        );
      }
      // The decoder: the value was read by the field that belongs to the word.
      return value === undefined ? undefined : ({[attribute]: word, ...value} as VariantOf<Name, V>);
    },
    write: (value, into, context) => {
      const word = value[attribute];
      into.attributes.push([attribute, word]);
      table[word]?.write(value, into, context);
    },
    place: {attribute},
  };
}

function chooseVariant(reader: ElementReader, attribute: string, words: readonly string[]): string | undefined {
  const value = reader.attribute(attribute);
  if (value === undefined || words.includes(value)) return value;
  reader.error(unknownValue(`attribute '${attribute}' of <${reader.name}>`, value, words), attribute);
  return reader.giveUp();
}
