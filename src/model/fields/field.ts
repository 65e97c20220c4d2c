import type {ElementReader} from '../xml/element-reader.ts';
import type {XmlNode} from '../xml/write-xml.ts';

/** What the reading and the writing of a field depend on besides the text. */
export interface FieldContext {
  /** The text is of a running domain: ids, paths and ports given by the emulator count. */
  readonly live: boolean;
}

/** What an element consists of while it is being written. */
export interface ElementParts {
  readonly attributes: (readonly [name: string, value: string])[];
  readonly children: XmlNode[];
  text: string | undefined;
}

/** Where a field is in its element, for messages. */
export type FieldPlace = {readonly attribute: string} | {readonly child: string} | {readonly text: true};

/**
 * One part of an element: an attribute, a child, the text, or several of them that make one value.
 * One declaration serves both directions, so that what is read is what is written. Fields are written in the order of
 * their declaration.
 */
export interface Field<T> {
  /** Collects problems in the reader; undefined when the part is missing or wrong. */
  read(reader: ElementReader, context: FieldContext): T | undefined;
  write(value: T, into: ElementParts, context: FieldContext): void;
  /** Absent for a field that is in several places. */
  readonly place?: FieldPlace;
}

/** A field that always has a value; without one the element is not usable, which is an error. */
export interface RequiredField<T> extends Field<T> {
  readonly required: true;
}

/** A field that needs nothing in the text. */
export interface AlwaysField<T> extends RequiredField<T> {
  read(reader: ElementReader, context: FieldContext): T;
}

/** How a message names a field of an element. */
export function describeField(place: FieldPlace | undefined, owner: string): string {
  if (place === undefined) return `a part of <${owner}>`;
  if ('attribute' in place) return `attribute '${place.attribute}' of <${owner}>`;
  return 'child' in place ? `<${place.child}>` : `the text of <${owner}>`;
}

/** A field where it is missing. */
export function describePart(place: FieldPlace | undefined): string {
  if (place === undefined) return 'a part';
  if ('attribute' in place) return `${place.attribute}='...'`;
  return 'child' in place ? `<${place.child}>` : 'the text';
}

/** Makes an element of a value. */
export function elementOf<T>(name: string, field: Field<T>, value: T, context: FieldContext): XmlNode {
  const parts: ElementParts = {attributes: [], children: [], text: undefined};
  field.write(value, parts, context);
  return {name, attributes: parts.attributes, content: parts.text ?? parts.children};
}

/** The children that a field writes into the element around it; attributes are left out. */
export function childrenOf<T>(field: Field<T>, value: T, context: FieldContext): readonly XmlNode[] {
  const {content} = elementOf('', field, value, context);
  return typeof content === 'string' ? [] : content;
}
