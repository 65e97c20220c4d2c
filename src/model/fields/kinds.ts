import type {ElementReader} from '../xml/element-reader.ts';
import type {Field} from './field.ts';

/** A part of an element: `@name` is an attribute, `name` a child. */
type Part = string;

/** What one kind of element has, of the parts that not every kind has. */
export interface KindRule {
  readonly must?: readonly Part[];
  readonly may?: readonly Part[];
  /** The words that an attribute (without `@`) has in this kind. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
}

export type KindRules = Readonly<Record<string, KindRule>>;

/**
 * A field of an element that comes in kinds, by the value of an attribute. The parser of libvirt reads every part in
 * every kind; its schema refuses a part in a kind that has none of it, and a kind without what it must have.
 *
 * @param byDefault  the kind of an element without the attribute
 */
export function ofKinds<F extends Field<unknown>>(
  field: F,
  attribute: string,
  kinds: KindRules,
  byDefault?: string,
): F {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      if (reader.isStrict) checkKind(reader, attribute, kinds, byDefault);
      return value;
    },
  };
}

/** Tells what the schema has against an element of its kind. A kind that is unknown is told elsewhere. */
export function checkKind(reader: ElementReader, attribute: string, kinds: KindRules, byDefault?: string): void {
  const kind = reader.element.attributes.get(attribute) ?? byDefault;
  if (kind !== undefined) checkKindOf(reader, `<${reader.name} ${attribute}='${kind}'>`, kind, kinds);
}

/** The same where something else says what kind it is. @param what  how a message names the element */
export function checkKindOf(reader: ElementReader, what: string, kind: string, kinds: KindRules): void {
  const rule = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (rule === undefined) return;
  const {must = [], may = [], words = {}} = rule;
  for (const part of partsOf(kinds)) {
    if (has(reader, part) && !must.includes(part) && !may.includes(part)) tellMisplaced(reader, what, part);
  }
  for (const part of must) {
    if (!has(reader, part)) reader.schemaError(`${what} is not complete: ${describe(part)} is missing`);
  }
  for (const [name, allowed] of Object.entries(words)) checkWord(reader, what, name, allowed);
}

/** It is told once: not as something unknown, too. */
function tellMisplaced(reader: ElementReader, what: string, part: Part): void {
  const name = attributeName(part);
  reader.schemaError(`${what} has no ${describe(part)}`, name);
  if (name === undefined) reader.tolerateChildren(part);
  else reader.tolerateAttributes(name);
}

function checkWord(reader: ElementReader, what: string, name: string, allowed: readonly string[]): void {
  const value = reader.element.attributes.get(name);
  if (value === undefined || allowed.includes(value)) return;
  const list = allowed.map(word => `'${word}'`).join(', ');
  reader.schemaError(`attribute '${name}' of ${what} is '${value}': it must be one of ${list}`, name);
}

function partsOf(kinds: KindRules): ReadonlySet<Part> {
  return new Set(Object.values(kinds).flatMap(({must = [], may = []}) => [...must, ...may]));
}

function has({element}: ElementReader, part: Part): boolean {
  const name = attributeName(part);
  return name === undefined ? element.children.some(child => child.name === part) : element.attributes.has(name);
}

function attributeName(part: Part): string | undefined {
  return part.startsWith('@') ? part.slice(1) : undefined;
}

function describe(part: Part): string {
  const name = attributeName(part);
  return name === undefined ? `<${part}>` : `attribute '${name}'`;
}

/** A field of an element that has exactly one of two parts, as the schema wants it. */
export function eitherOr<F extends Field<unknown>>(field: F, one: Part, other: Part): F {
  return {
    ...field,
    read: (reader, context) => {
      const value = field.read(reader, context);
      if (has(reader, one) === has(reader, other))
        reader.schemaError(`<${reader.name}> needs ${describe(one)} or ${describe(other)}, and not both`);
      return value;
    },
  };
}

/** A list that the schema lets have one member at most. */
export function single<T>(field: Field<readonly T[]>): Field<readonly T[]> {
  return {
    ...field,
    read: (reader, context) => {
      const {place} = field;
      const [, second] = place && 'child' in place ? reader.children(place.child) : [];
      second?.schemaError(`there is a second <${second.name}> in <${reader.name}>`);
      return field.read(reader, context);
    },
  };
}

/** A field of an element whose children the schema wants in one order, those of them that are there. */
export function inOrder<F extends Field<unknown>>(field: F, ...names: readonly string[]): F {
  return {
    ...field,
    read: (reader, context) => {
      const found = reader.element.children.map(({name}) => names.indexOf(name)).filter(place => place >= 0);
      const wrong = found.findIndex((place, at) => place < (found[at - 1] ?? 0));
      const [later, earlier] = [names[found[wrong] ?? -1], names[found[wrong - 1] ?? -1]];
      if (later !== undefined && earlier !== undefined)
        reader.child(later)?.schemaError(`<${later}> must stand before <${earlier}>`);
      return field.read(reader, context);
    },
  };
}
